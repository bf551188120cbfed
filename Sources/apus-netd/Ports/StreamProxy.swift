import NIOCore
import NIOPosix

/// Connects a client of a published port with the container, and carries bytes until both have ended. One too many is closed.
func connectStreams(_ client: any Channel, _ listener: PortListener) throws(any Error) {
    guard let address = listener.targetAddress, listener.admit() else { return client.close(promise: nil) }
    let (near, far) = StreamEnd.pair()
    let loop = client.eventLoop
    let ends = NIOLoopBound((near: near, far: far, listener: listener), eventLoop: loop)
    client.closeFuture.whenComplete { _ in ends.value.listener.leave() }
    try client.pipeline.syncOperations.addHandler(near)
    ClientBootstrap(group: loop)
        .connectTimeout(.seconds(10))
        .channelOption(.allowRemoteHalfClosure, value: true)
        .channelOption(.autoRead, value: false)
        .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(ends.value.far)
            }
        }
        .connect(to: address)
        .whenComplete { result in
            switch result {
            case .success where client.isActive: ends.value.near.begin()
            // The client did not wait.
            case .success(let channel): channel.close(promise: nil)
            case .failure: client.close(promise: nil)
            }
        }
}

/// One end of a connection that is carried: what is read here is written there.
///
/// An end is read only while the other can be written to, so that whoever is fast waits for whoever is slow; the end of one
/// direction is passed on by itself, and the other goes on.
final class StreamEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var other: StreamEnd?
    private var context: ChannelHandlerContext?
    private var wantsToRead = false
    private var hasBegun = false

    /// Two ends which know each other until one of them is closed.
    static func pair() -> (StreamEnd, StreamEnd) {
        let (one, two) = (StreamEnd(), StreamEnd())
        one.other = two
        two.other = one
        return (one, two)
    }

    /// Begins to carry in both directions.
    func begin() {
        hasBegun = true
        other?.hasBegun = true
        context?.read()
        other?.context?.read()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        other = nil
    }

    func read(context: ChannelHandlerContext) {
        if hasBegun, other?.canTake ?? false { context.read() } else { wantsToRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard let there = other?.context else { return }
        there.write(wrapOutboundOut(buffer), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        other?.context?.flush()
        readOn(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { other?.resume() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { other?.end() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.context?.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private var canTake: Bool { context?.channel.isWritable ?? false }

    private func readOn(_ context: ChannelHandlerContext) {
        if other?.canTake ?? false { context.read() } else { wantsToRead = true }
    }

    private func resume() {
        guard wantsToRead, let context else { return }
        wantsToRead = false
        context.read()
    }

    /// Nothing more comes from the other end: that is said here behind all that has come.
    private func end() {
        guard let context else { return }
        let channel = context.channel
        let nothing = channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(wrapOutboundOut(nothing)).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
    }
}
