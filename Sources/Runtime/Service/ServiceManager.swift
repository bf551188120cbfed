internal import Kernel
internal import OCISpec

/// What a service manager hands a container through whoever calls the runtime. sd_listen_fds(3), sd_notify(3).
public struct ServiceManager: Hashable, Sendable {
    /// How many open sockets, from descriptor 3 upwards, are for the container. `LISTEN_FDS`.
    public let socketCount: Int32
    /// What they are called, colons in between. `LISTEN_FDNAMES`.
    public let socketNames: String?
    /// The socket that wants to hear when the container is ready. `NOTIFY_SOCKET`.
    public let notifySocket: String?

    /// Nobody who hands over anything.
    public init() { self.init(processID: 0) { _ in nil } }

    /// Reads the environment. Sockets which `LISTEN_PID` gives to another process than `processID` are not ours to
    /// pass on.
    public init(processID: Int32, variable: (String) -> String?) {
        let isOurs = variable("LISTEN_PID").flatMap { Int32($0) } == processID
        let count = isOurs ? variable("LISTEN_FDS").flatMap { Int32($0) } ?? 0 : 0
        socketCount = max(count, 0)
        socketNames = count > 0 ? variable("LISTEN_FDNAMES") : nil
        notifySocket = variable("NOTIFY_SOCKET").flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension ServiceManager {
    /// Where a container finds the directory of its socket.
    private static let place = "/run/notify"

    /// Tells the container's program what it was handed, and shows it `directory`, where its ``ReadinessProxy`` listens.
    func extend(_ configuration: inout Configuration, directory: String) {
        if socketCount > 0 {
            configuration.process?.env += ["LISTEN_FDS=\(socketCount)", "LISTEN_PID=1"]
            if let socketNames { configuration.process?.env.append("LISTEN_FDNAMES=\(socketNames)") }
        }
        guard notifySocket != nil else { return }
        configuration.process?.env.append("NOTIFY_SOCKET=\(Self.place)/\(ReadinessProxy.socketName)")
        var mount = Mount()
        mount.destination = Self.place
        mount.source = directory
        mount.options = ["bind", "nosuid", "noexec", "nodev", "ro"]
        configuration.mounts.append(mount)
    }
}
