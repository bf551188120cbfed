internal import Kernel

/// Descriptors from 3 upwards that the user's program inherits (`--preserve-fds`).
enum PreservedDescriptors {
    /// Refuses a count that reaches a descriptor the caller did not open: it could be one of the runtime's own.
    static func verify(_ count: Int32) throws(RuntimeError) {
        guard count > 0 else { return }
        for number in 3..<(3 + count) where !isOpen(descriptor: number) {
            throw .unsupported(
                path: "--preserve-fds \(count)", reason: "descriptor \(number) is not open in the caller")
        }
    }
}
