import Kernel
import NIOCore
import NIOPosix
import PortGuard

/// Clients of a published UDP port: each has a socket of its own towards the container, so that answers find their way.
final class DatagramSessions: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let listener: PortListener
    private var sessions: [SocketAddress: DatagramSession] = [:]
    private var sweep: RepeatedTask?

    /// Milliseconds without a packet after which a client is forgotten, as Docker has it.
    private static let patience: Int64 = 90_000

    init(_ listener: PortListener) { self.listener = listener }

    func channelActive(context: ChannelHandlerContext) {
        let sessions = NIOLoopBound(self, eventLoop: context.eventLoop)
        sweep = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(15), delay: .seconds(15)) { _ in
            sessions.value.forgetIdle()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        sweep?.cancel()
        for client in sessions.keys { forget(client) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let client = envelope.remoteAddress
        if let session = sessions[client] { return session.send(envelope.data) }
        guard let target = listener.targetAddress, listener.admit() else { return }
        let session = DatagramSession()
        sessions[client] = session
        session.send(envelope.data)
        session.connect(to: target, context.eventLoop) { [weak self] answer in
            guard let answer else {
                self?.forget(client)
                return
            }
            let reply = AddressedEnvelope(remoteAddress: client, data: answer)
            context.channel.writeAndFlush(reply, promise: nil)
        }
    }

    /// A client which has gone away is nobody else's business.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    private func forget(_ client: SocketAddress) {
        guard let session = sessions.removeValue(forKey: client) else { return }
        session.close()
        listener.leave()
    }

    private func forgetIdle() {
        let limit = monotonicMilliseconds() - Self.patience
        for (client, session) in sessions where session.lastUsed < limit { forget(client) }
    }
}

/// One client's socket towards the container.
final class DatagramSession {
    private var channel: (any Channel)?
    /// What came before the socket was there.
    private var early: [ByteBuffer] = []
    private var isClosed = false
    private(set) var lastUsed = monotonicMilliseconds()

    /// `receive` gets what the container says, and nil when it refuses.
    func connect(
        to target: SocketAddress, _ loop: any EventLoop, _ receive: @escaping (ByteBuffer?) -> Void
    ) {
        let session = NIOLoopBound((session: self, receive: receive), eventLoop: loop)
        DatagramBootstrap(group: loop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (own, receive) = session.value
                    try channel.pipeline.syncOperations.addHandler(DatagramAnswers(own, receive))
                }
            }
            .connect(to: target)
            .whenComplete { result in
                switch result {
                case .success(let channel): session.value.session.begin(channel)
                case .failure: session.value.receive(nil)
                }
            }
    }

    private func begin(_ channel: any Channel) {
        self.channel = channel
        if isClosed { return channel.close(promise: nil) }
        for buffer in early { channel.write(buffer, promise: nil) }
        early = []
        channel.flush()
    }

    func send(_ buffer: ByteBuffer) {
        use()
        if let channel {
            channel.writeAndFlush(buffer, promise: nil)
        } else if early.count < 16 {
            early.append(buffer)
        }
    }

    func use() { lastUsed = monotonicMilliseconds() }

    func close() {
        isClosed = true
        channel?.close(promise: nil)
    }
}

/// What the container says to one client.
private final class DatagramAnswers: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let session: DatagramSession
    private let receive: (ByteBuffer?) -> Void

    init(_ session: DatagramSession, _ receive: @escaping (ByteBuffer?) -> Void) {
        self.session = session
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.use()
        receive(unwrapInboundIn(data).data)
    }

    /// Nobody listens in the container: the next packet tries again.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { receive(nil) }
}
