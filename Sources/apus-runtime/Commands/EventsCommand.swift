import Kernel
import Runtime

/// `events ID`: prints statistics of a container at intervals, and when it runs out of memory.
struct EventsCommand: Command {
    static var verb: Verb {
        Verb(
            "events", "print statistics and out-of-memory events of a container as JSON lines",
            options: [
                .value("interval", "time between statistics (default: 5s)"),
                .flag("stats", "print the statistics once and exit"),
            ])
    }

    private let id: String
    private let interval: Int64
    private let once: Bool

    init(_ arguments: Arguments) throws(Failure) {
        id = arguments.positionals[0]
        once = arguments.flag("stats")
        interval =
            try arguments.parsed("interval", "a time above zero like 5s or 1m30s") {
                milliseconds($0).flatMap { $0 > 0 ? $0 : nil }
            } ?? 5000
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        throw Failure("events is not part of this build")
    }
}
