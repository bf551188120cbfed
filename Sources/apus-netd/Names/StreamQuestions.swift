import Kernel
import NIOCore
import Resolver

/// Questions by TCP: each behind its length, any number of them on one connection. RFC 7766.
final class StreamQuestions: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let listeners: NameListeners
    private var frames = Frames()
    private var pending = 0
    private var hasEnded = false
    private var deadline: Scheduled<Void>?

    /// How long a connection may say nothing. RFC 7766, section 6.2.3.
    private static let patience = TimeAmount.seconds(10)
    /// Bytes of an answer.
    private static let longest = 65535
    /// Questions of one connection which may wait at once; the rest is read later.
    private static let mostPending = 64

    init(_ listeners: NameListeners) { self.listeners = listeners }

    func channelActive(context: ChannelHandlerContext) { wait(context) }

    func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        wait(context)
        answer(context)
    }

    /// A client which asks faster than it is answered waits.
    func read(context: ChannelHandlerContext) { if pending < Self.mostPending { context.read() } }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        hasEnded = true
        closeIfDone(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        while pending < Self.mostPending, let question = frames.next() {
            switch listeners.decide(question, limit: Self.longest) {
            case .answer(let bytes): send(bytes, context)
            case .ignore: return context.close(promise: nil)
            case .forward(let query):
                pending += 1
                listeners.ask(query, .tcp) { [weak self] bytes in
                    guard let self, context.channel.isActive else { return }
                    pending -= 1
                    send(bytes, context)
                    answer(context)
                    // Those which were too many at once were left with the kernel.
                    context.read()
                    closeIfDone(context)
                }
            }
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(Frames.framed(bytes, context.channel.allocator)), promise: nil)
    }

    private func closeIfDone(_ context: ChannelHandlerContext) {
        if hasEnded, pending == 0 { context.close(promise: nil) }
    }

    private func wait(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }
}

/// Messages behind their lengths in a stream. RFC 1035, section 4.2.2.
struct Frames {
    private var buffer = ByteBuffer()

    mutating func append(_ more: ByteBuffer) {
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(more)
    }

    /// The next message, once it is whole.
    mutating func next() -> [UInt8]? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self),
            buffer.readableBytes >= 2 + Int(length)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 2)
        return buffer.readBytes(length: Int(length))
    }

    /// The message behind its length.
    static func framed(_ bytes: [UInt8], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: bytes.count + 2)
        buffer.writeInteger(UInt16(truncatingIfNeeded: bytes.count))
        buffer.writeBytes(bytes)
        return buffer
    }
}
