import ArgumentParser
import Kernel

/// Where the program begins.
@main
enum Main {
    static func main() {
        _ = openMissingStandardStreams()
        // A reader who has gone away is an error to tell of, not a death half way.
        swallowSignal(Signal.pipe)
        Apus.main()
    }
}
