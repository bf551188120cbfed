import JSON
import NIOCore
import NetdClient

/// Published ports: records in, sockets of the host held.
final class PortService {
    private let loop: any EventLoop

    init(_ paths: NetdPaths, _ log: Log, _ loop: any EventLoop) { self.loop = loop }

    var isEmpty: Bool { true }

    func load() -> EventLoopFuture<Void> { loop.makeSucceededVoidFuture() }

    func sync(_ file: String) -> EventLoopFuture<JSONValue> { loop.makeSucceededFuture(Daemon.done) }

    var status: JSONValue { .array([]) }
}
