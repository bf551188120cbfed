import Kernel
import NIOCore
import NIOPosix
import PortGuard

/// One port of the host that is held, and where it leads.
///
/// What the firewall leads to the container never comes here. What comes are clients it cannot serve: those of `::1`, and of
/// IPv6 where the container has none.
final class PortListener {
    private let port: ListeningPort
    private let budget: ClientBudget
    private let log: Log
    private var socket: Int32?
    private var channel: (any Channel)?
    private var isClosed = false
    /// Clients may come when the container has another address already.
    var target: TargetPort
    /// Clients which are being served.
    private(set) var clients = 0
    private var hasToldOfTooMany = false

    /// Takes the port.
    init(
        _ port: ListeningPort, _ target: TargetPort, _ budget: ClientBudget, _ log: Log
    ) throws(SystemError) {
        self.port = port
        self.target = target
        self.budget = budget
        self.log = log
        socket = try BoundSocket(
            port.transport == .tcp ? .tcp : .udp, "\(port.address)", port: port.port
        ).release()
    }

    /// The address of the container's port.
    var targetAddress: SocketAddress? {
        try? SocketAddress(ipAddress: "\(target.address)", port: Int(target.port))
    }

    /// Of a client by TCP both ends, of one by UDP the end towards the container.
    private var descriptorsOfClient: Int { port.transport == .tcp ? 2 : 1 }

    /// Counts a client in, which has to ``leave()`` later; false when there are too many.
    func admit() -> Bool {
        guard budget.take(descriptorsOfClient, beside: clients * descriptorsOfClient) else {
            if !hasToldOfTooMany { log("\(port): \(clients) clients at once, more are sent away") }
            hasToldOfTooMany = true
            return false
        }
        clients += 1
        return true
    }

    func leave() {
        clients -= 1
        budget.give(descriptorsOfClient)
        if clients == 0 { hasToldOfTooMany = false }
    }

    /// Takes clients from now on.
    func listen(on loop: any EventLoop) -> EventLoopFuture<Void> {
        guard let number = socket else { return loop.makeSucceededVoidFuture() }
        socket = nil
        let listener = NIOLoopBound(self, eventLoop: loop)
        let opened =
            port.transport == .tcp ? streams(number, listener, loop) : datagrams(number, listener, loop)
        return opened.map { channel in listener.value.took(channel) }
    }

    private func took(_ channel: any Channel) {
        self.channel = channel
        if isClosed { channel.close(promise: nil) }
    }

    private func streams(
        _ number: Int32, _ listener: NIOLoopBound<PortListener>, _ loop: any EventLoop
    ) -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // Nothing is read before the container has taken the connection.
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try connectStreams(channel, listener.value) }
            }
            .withBoundSocket(number)
    }

    private func datagrams(
        _ number: Int32, _ listener: NIOLoopBound<PortListener>, _ loop: any EventLoop
    ) -> EventLoopFuture<any Channel> {
        DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramSessions(listener.value))
                }
            }
            .withBoundSocket(number)
    }

    /// Lets the port go; clients which are there stay until they have done.
    func close() {
        isClosed = true
        channel?.close(promise: nil)
        if let number = socket.take() { _ = Kernel.FileDescriptor(owning: number) }
    }
}
