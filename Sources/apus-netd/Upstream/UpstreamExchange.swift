import Kernel
import NIOCore
import NIOPosix
import Resolver

/// One question on its way through the upstream servers.
///
/// Each attempt has a socket of its own, connected to the server: the kernel chooses a port nobody can guess, and takes
/// nothing from anybody else.
final class UpstreamExchange {
    private let query: Query
    private var servers: ArraySlice<Upstream>
    private var transport: BoundSocket.Transport
    private let forwarder: Forwarder
    private let loop: any EventLoop
    private var finish: (([UInt8]?) -> Void)?
    private var channel: (any Channel)?
    private var deadline: Scheduled<Void>?
    private var attempt = 0
    private var id: UInt16 = 0

    init(
        _ query: Query, _ servers: [Upstream], _ transport: BoundSocket.Transport, _ forwarder: Forwarder,
        _ loop: any EventLoop, _ finish: @escaping ([UInt8]?) -> Void
    ) {
        self.query = query
        self.servers = servers[...]
        self.transport = transport
        self.forwarder = forwarder
        self.loop = loop
        self.finish = finish
    }

    /// Clients ask again after five seconds: until then a second server must have had its turn.
    private var patience: TimeAmount { servers.count > 1 ? .milliseconds(1500) : .seconds(4) }

    func begin() {
        guard let server = servers.first else { return end(nil) }
        attempt += 1
        id = UInt16.random(in: .min ... .max)
        let (exchange, number) = (NIOLoopBound(self, eventLoop: loop), attempt)
        deadline = loop.scheduleTask(in: patience) { exchange.value.giveUp(number, isBad: true) }
        guard let address = try? SocketAddress(ipAddress: "\(server.address)", port: Int(server.port)) else {
            return giveUp(attempt, isBad: true)
        }
        connect(to: address, exchange, number).whenComplete { result in
            switch result {
            case .success(let channel): exchange.value.send(channel, number)
            case .failure: exchange.value.giveUp(number, isBad: true)
            }
        }
    }

    private func connect(
        to address: SocketAddress, _ exchange: NIOLoopBound<UpstreamExchange>, _ number: Int
    ) -> EventLoopFuture<any Channel> {
        switch transport {
        case .udp:
            DatagramBootstrap(group: loop).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReplies(exchange.value, number))
                }
            }.connect(to: address)
        case .tcp:
            ClientBootstrap(group: loop).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReplies(exchange.value, number))
                }
            }.connect(to: address)
        }
    }

    private func send(_ channel: any Channel, _ number: Int) {
        guard number == attempt, finish != nil else { return channel.close(promise: nil) }
        self.channel = channel
        let message = query.message(id: id)
        let buffer =
            transport == .tcp
            ? Frames.framed(message, channel.allocator) : channel.allocator.buffer(bytes: message)
        let (exchange, sent) = (NIOLoopBound(self, eventLoop: loop), channel.writeAndFlush(buffer))
        sent.whenFailure { _ in exchange.value.giveUp(number, isBad: true) }
    }

    /// A message of the server of this attempt.
    func received(_ reply: [UInt8], _ number: Int) {
        guard number == attempt, finish != nil, let server = servers.first else { return }
        switch query.verdict(on: reply, id: id) {
        case .stranger: return
        case .failed: giveUp(number, isBad: false)
        case .answer(let message):
            forwarder.answered(server)
            end(message)
        }
    }

    /// Goes on with the next server. `isBad`: this one did not even answer.
    func giveUp(_ number: Int, isBad: Bool) {
        guard number == attempt, finish != nil, let server = servers.first else { return }
        endAttempt()
        if isBad { forwarder.failed(server) }
        servers.removeFirst()
        begin()
    }

    private func end(_ message: [UInt8]?) {
        let finish = finish.take()
        endAttempt()
        finish?(message)
    }

    private func endAttempt() {
        // A channel says right here that it is closed, which must not be taken for the server's doing.
        attempt += 1
        deadline?.cancel()
        channel.take()?.close(promise: nil)
    }
}

/// What a server says by UDP.
private final class DatagramReplies: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    private let exchange: UpstreamExchange
    private let attempt: Int

    init(_ exchange: UpstreamExchange, _ attempt: Int) {
        self.exchange = exchange
        self.attempt = attempt
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        exchange.received(Array(unwrapInboundIn(data).data.readableBytesView), attempt)
    }

    /// Nobody listens there.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        exchange.giveUp(attempt, isBad: true)
    }
}

/// What a server says by TCP.
private final class StreamReplies: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let exchange: UpstreamExchange
    private let attempt: Int
    private var frames = Frames()

    init(_ exchange: UpstreamExchange, _ attempt: Int) {
        self.exchange = exchange
        self.attempt = attempt
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        while let reply = frames.next() { exchange.received(reply, attempt) }
    }

    func channelInactive(context: ChannelHandlerContext) { exchange.giveUp(attempt, isBad: true) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        exchange.giveUp(attempt, isBad: true)
    }
}
