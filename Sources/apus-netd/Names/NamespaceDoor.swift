import Kernel
import NIOCore
import NIOPosix
import NetdClient
import Resolver

/// Opens sockets in other network namespaces.
///
/// A thread of its own goes there and comes back: which namespace a socket belongs to is decided when it is opened, and the
/// threads which serve never leave the host's.
struct NamespaceDoor {
    private let pool: NIOThreadPool

    init() {
        pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
    }

    /// Listeners in a container's namespace, whose descriptors the caller must close.
    struct Sockets: Sendable {
        let udp: Int32
        let tcp: Int32
        let ports: ListenerPorts
        let namespace: NamespaceIdentity
    }

    /// Opens a socket of either kind on `127.0.0.11` in the namespace at `path`.
    ///
    /// `wanted`: the ports they had before; where somebody has them now, and without, the kernel chooses.
    /// - Returns: a future which fails with ``NetdRefusal``.
    func open(_ path: String, wanted: ListenerPorts?, on loop: any EventLoop) -> EventLoopFuture<Sockets> {
        pool.runIfActive(eventLoop: loop) {
            do throws(SystemError) { return try openSockets(path, wanted) } catch {
                throw refusal(path, error)
            }
        }
    }
}

/// Where containers ask.
let resolverAddress = "127.0.0.11"

private func openSockets(_ path: String, _ wanted: ListenerPorts?) throws(SystemError)
    -> NamespaceDoor.Sockets
{
    let target = try NetworkNamespace(path: path)
    let home = try NetworkNamespace.current()
    try target.enter()
    defer { goHome(home) }
    let udp = try openSocket(.udp, wanted?.udp)
    let tcp = try openSocket(.tcp, wanted?.tcp)
    let ports = ListenerPorts(udp: udp.port, tcp: tcp.port)
    return NamespaceDoor.Sockets(
        udp: udp.release(), tcp: tcp.release(), ports: ports, namespace: try target.identity())
}

private func openSocket(_ transport: BoundSocket.Transport, _ wanted: UInt16?) throws(SystemError)
    -> BoundSocket
{
    if let wanted, let socket = try? BoundSocket(transport, resolverAddress, port: wanted) { return socket }
    return try BoundSocket(transport, resolverAddress, port: 0)
}

/// A thread that cannot come back would open the next container's sockets in this one's namespace.
private func goHome(_ home: borrowing NetworkNamespace) {
    do throws(SystemError) { try home.enter() } catch {
        writeError(Array("\(programName): cannot return to the host's network namespace: \(error)\n".utf8))
        exitNow(1)
    }
}

private func refusal(_ path: String, _ error: SystemError) -> NetdRefusal {
    let isMissing = [Errno.noEntity, .notDirectory, .noProcess].contains(error.errno)
    if isMissing { return NetdRefusal(.noNamespace, "there is no network namespace at \(path)") }
    if error.errno == .invalidArgument, error.call == "open" {
        return NetdRefusal(.noNamespace, "\(path) is not a network namespace")
    }
    return NetdRefusal(.failed, "\(path): \(error)")
}
