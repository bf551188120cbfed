import Kernel
import NIOCore
import Resolver

/// Questions by UDP.
final class DatagramQuestions: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let listeners: NameListeners

    init(_ listeners: NameListeners) { self.listeners = listeners }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        switch listeners.decide(Array(envelope.data.readableBytesView)) {
        case .answer(let bytes):
            context.write(reply(bytes, to: envelope.remoteAddress, context), promise: nil)
        case .ignore: break
        case .forward(let query):
            listeners.ask(query, .udp) { [unowned self] bytes in
                context.writeAndFlush(reply(bytes, to: envelope.remoteAddress, context), promise: nil)
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    /// A client which has gone away is told so by the kernel, and it is none of the others' business.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}

    private func reply(_ bytes: [UInt8], to address: SocketAddress, _ context: ChannelHandlerContext)
        -> NIOAny
    {
        wrapOutboundOut(
            AddressedEnvelope(
                remoteAddress: address, data: context.channel.allocator.buffer(bytes: bytes)))
    }
}
