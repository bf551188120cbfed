import Kernel
import NIOCore
import NIOPosix
import Resolver

/// What listens in one network namespace, and who asks from there.
final class NameListeners {
    let namespace: NamespaceIdentity
    /// A path which led there.
    let path: String
    let ports: ListenerPorts
    /// Files of the records of this namespace.
    var files: Set<String> = []
    var asker: Asker
    let service: NameService
    /// Questions which wait for an upstream server.
    var waiting = 0
    private var channels: [any Channel] = []
    private var connections: [ObjectIdentifier: any Channel] = [:]

    /// Questions of one namespace that may wait at once.
    static let mostWaiting = 1024
    /// Connections of one namespace at once: all namespaces' take descriptors of this one process.
    private static let mostConnections = 256

    init(_ sockets: NamespaceDoor.Sockets, path: String, _ service: NameService) {
        namespace = sockets.namespace
        ports = sockets.ports
        self.path = path
        self.service = service
        asker = Asker([])
    }

    /// Whether the path still leads there. What has vanished stays alive in the sockets until they are closed.
    var hasVanished: Bool { (try? NamespaceIdentity.of(path: path)) != namespace }

    /// Hands the sockets to the loop, which closes them.
    func listen(_ sockets: NamespaceDoor.Sockets, on loop: any EventLoop) -> EventLoopFuture<Void> {
        let listeners = NIOLoopBound(self, eventLoop: loop)
        let udp = DatagramBootstrap(group: loop)
            .channelOption(.datagramVectorReadMessageCount, value: 16)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16 * 1024))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramQuestions(listeners.value))
                }
            }
            .withBoundSocket(sockets.udp)
        let tcp = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamQuestions(listeners.value))
                    listeners.value.keep(channel)
                }
            }
            .withBoundSocket(sockets.tcp)
        return udp.and(tcp).map { channels in listeners.value.channels = [channels.0, channels.1] }
    }

    private func keep(_ connection: any Channel) {
        guard connections.count < Self.mostConnections else { return connection.close(promise: nil) }
        let (id, listeners) = (
            ObjectIdentifier(connection), NIOLoopBound(self, eventLoop: connection.eventLoop)
        )
        connections[id] = connection
        connection.closeFuture.whenComplete { _ in listeners.value.connections[id] = nil }
    }

    /// Lets go of the namespace: stops to listen, and ends connections, which keep it alive as well.
    func close() {
        for channel in channels + connections.values { channel.close(promise: nil) }
        channels = []
    }

    /// What becomes of a question.
    func decide(_ bytes: [UInt8], limit: Int? = nil) -> Decision {
        service.directory.decide(bytes, of: asker, limit: limit)
    }

    /// Asks the upstream servers; the answer of none of them is `SERVFAIL`.
    func ask(
        _ query: Query, _ transport: BoundSocket.Transport, _ answer: @escaping ([UInt8]) -> Void
    ) {
        let servers = service.servers(for: asker)
        guard waiting < Self.mostWaiting, !servers.isEmpty else {
            return answer(query.response(.serverFailure))
        }
        waiting += 1
        service.forwarder.ask(query, servers, transport) { reply in
            self.waiting -= 1
            answer(reply ?? query.response(.serverFailure))
        }
    }
}
