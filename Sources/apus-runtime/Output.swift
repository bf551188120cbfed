import Kernel

/// Writes `text` to standard output, with one write(2) where the kernel takes it whole.
func printOut(_ text: String) throws(Failure) {
    try system("write to standard output") { () throws(SystemError) in
        try withStandardOutput { file throws(SystemError) in try file.write(text) }
    }
}

/// Writes `text` to standard error. Best effort: there is nowhere left to complain to.
func printError(_ text: String) {
    do throws(SystemError) {
        try withStandardError { file throws(SystemError) in try file.write(text) }
    } catch {}
}

/// Opens `/dev/null` where descriptor 0, 1 or 2 is closed, so that no file opened later gets the number.
func openMissingStandardStreams() {
    for number: Int32 in 0...2 where !isOpen(descriptor: number) {
        do throws(SystemError) {
            // The lowest free number is taken; a container's program inherits it like any other stream.
            let null = try FileDescriptor.open("/dev/null", .readWrite).release()
            try installDescriptor(null, as: number)
        } catch {
            // Without /dev/null the streams stay as they are.
            return
        }
    }
}
