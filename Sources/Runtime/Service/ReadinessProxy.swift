internal import Kernel

/// Hears from a container that it is ready, and tells the service manager of the caller. sd_notify(3).
///
/// The container does not reach the manager's own socket: of all it says only `READY=1` is passed on, with a pid the
/// runtime knows to be right. The socket it speaks to lies in the container's state directory and goes with it.
struct ReadinessProxy: ~Copyable {
    /// Its name in the directory the container sees.
    static let socketName = "notify.sock"

    private let container: FileDescriptor
    private let manager: FileDescriptor
    private let process: FileDescriptor
    private let pid: Int32

    /// The number to wait on: readable when the container has said something.
    var descriptor: Int32 { container.rawValue }

    /// Reaches `manager`, and listens in `directory` to the container whose first process is `process`.
    init(manager: String, directory: String, process: UniqueProcess) throws(SystemError) {
        guard let handle = try process.open() else {
            throw SystemError(call: "pidfd_open", subject: "\(process.pid)", errno: .noProcess)
        }
        let reached = try connectDatagramSocket(manager)
        container = try Self.listen(directory)
        self.manager = reached
        self.process = handle
        pid = process.pid
    }

    private static func listen(_ directory: String) throws(SystemError) -> FileDescriptor {
        let opened = try FileDescriptor.open(directory, [.reference, .directory])
        // A `start` that was killed leaves its socket.
        if fileExists("\(directory)/\(socketName)") { try opened.removeFile(socketName) }
        // Every user of the container may write to it.
        let mask = changeUmask(0)
        defer { changeUmask(mask) }
        // The address of a socket has room for 107 bytes, which a path with an ID in it may not fit into.
        return try bindDatagramSocket("/proc/self/fd/\(opened.rawValue)/\(socketName)")
    }

    /// Takes one message of the container, which must be there. Once it says that it is ready the manager is told,
    /// with `mainPID` as the process to watch; the answer is then `true`.
    func passOn(mainPID: Int32) throws(SystemError) -> Bool {
        let text = String(decoding: try container.receive(upTo: 4096), as: UTF8.self)
        guard text.split(separator: "\n").contains("READY=1") else { return false }
        // In this order, as two messages, because managers know it so from runc.
        try manager.send(Array("READY=1\n".utf8))
        try manager.send(Array("MAINPID=\(mainPID)\n".utf8))
        return true
    }

    /// Waits until the container is ready, or its first process has ended.
    consuming func wait() throws(SystemError) {
        while true {
            let ready = try waitForReadiness([(descriptor, .readable), (process.rawValue, .readable)])
            // The last word of a process that has ended counts.
            if !ready[0].isEmpty {
                if try passOn(mainPID: pid) { return }
            } else if !ready[1].isEmpty {
                return
            }
        }
    }
}

extension ContainerRuntime {
    /// A proxy for a container that waits for `start`, where the caller has a service manager.
    ///
    /// A container runs without one as well: what is in the way is warned of.
    func readinessProxy(_ container: Container, _ manager: ServiceManager) -> ReadinessProxy? {
        guard let socket = manager.notifySocket, let process = container.process else { return nil }
        let directory = store.notifyDirectory(container.id)
        guard fileExists(directory) else {
            warn("NOTIFY_SOCKET: \(container.id.text) was created without it and cannot say that it is ready")
            return nil
        }
        do throws(SystemError) {
            return try ReadinessProxy(manager: socket, directory: directory, process: process)
        } catch {
            warn("NOTIFY_SOCKET: nobody will hear that \(container.id.text) is ready: \(error)")
            return nil
        }
    }
}
