internal import Kernel

/// Descriptors from 3 upwards that the user's program gets: first a service manager's sockets, then what the caller of
/// the runtime has asked for by `--preserve-fds`.
struct InheritedDescriptors {
    private let sockets: Int32
    private let preserved: Int32

    init(_ preserved: Int32, _ manager: ServiceManager = ServiceManager()) {
        sockets = manager.socketCount
        self.preserved = preserved
    }

    /// All of them. Valid after ``verify()``.
    var count: Int32 { sockets + preserved }

    /// Refuses a count that reaches a descriptor the caller did not hand on: it could be one of the runtime's own.
    func verify() throws(RuntimeError) {
        for index in 0..<(Int64(sockets) + Int64(preserved)) {
            let number = Int32(clamping: 3 + index)
            if isInheritable(descriptor: number) { continue }
            let name = index < Int64(sockets) ? "LISTEN_FDS=\(sockets)" : "--preserve-fds \(preserved)"
            throw .unsupported(path: name, reason: "descriptor \(number) is not open in the caller")
        }
    }
}
