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

/// Closes every descriptor but the standard streams, the `inherited` ones behind them, and `kept`.
///
/// A descriptor of the host is a way out of the container (CVE-2024-21626): the path of the program leads through it, or that of
/// an interpreter in the first line of a script, as long as execve(2) has not closed it.
func closeOthers(than kept: Int32, inherited: Int32) throws(RuntimeError) {
    try RuntimeError.step("close what the container must not have") { () throws(SystemError) in
        try closeDescriptors(from: 3 + inherited, through: kept - 1)
        try closeDescriptors(from: kept + 1)
    }
}
