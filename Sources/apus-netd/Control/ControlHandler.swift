import JSON
import Kernel
import NIOCore
import NetdClient

/// One caller: lines of JSON, each answered by one.
final class ControlHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let daemon: Daemon
    private var received: [UInt8] = []
    /// nil until the kernel has said who the caller is.
    private var isAllowed: Bool?

    /// Bytes which may wait to be taken for calls; those are far shorter.
    private static let longestLine = 65536

    init(_ daemon: Daemon) { self.daemon = daemon }

    func channelActive(context: ChannelHandlerContext) {
        guard let socket = context.channel as? any SocketOptionProvider else {
            return context.close(promise: nil)
        }
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        // SOL_SOCKET and SO_PEERCRED.
        let caller: EventLoopFuture<PeerCredentials> = socket.unsafeGetSocketOption(
            level: .init(rawValue: 1), name: .init(rawValue: 17))
        caller.whenComplete { result in
            let (self_, context) = handler.value
            self_.isAllowed = (try? result.get()).map { $0.user == 0 } ?? false
            self_.answerLines(context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        guard received.count <= Self.longestLine else { return context.close(promise: nil) }
        if isAllowed != nil { answerLines(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answerLines(_ context: ChannelHandlerContext) {
        while let end = received.firstIndex(of: 10) {
            let line = Array(received[..<end])
            received.removeFirst(end + 1)
            answer(line, context)
        }
    }

    private func answer(_ line: [UInt8], _ context: ChannelHandlerContext) {
        guard isAllowed ?? false else {
            send(NetdRefusal(.failed, "only root may ask").json, context)
            return context.close(promise: nil)
        }
        let call: NetdCall
        do throws(JSONError) { call = try NetdCall(JSONReader(try JSONValue(parsing: line))) } catch {
            return send(NetdRefusal(.badCall, "\(error)").json, context)
        }
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        daemon.perform(call).whenComplete { result in
            let (self_, context) = handler.value
            switch result {
            case .success(let value): self_.send(value, context)
            case .failure(let error as NetdRefusal): self_.send(error.json, context)
            case .failure(let error): self_.send(NetdRefusal(.failed, "\(error)").json, context)
            }
            if call == .stop { self_.daemon.stop() }
        }
    }

    private func send(_ value: JSONValue, _ context: ChannelHandlerContext) {
        let buffer = context.channel.allocator.buffer(string: value.text + "\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
}

/// C: `struct ucred`. unix(7), `SO_PEERCRED`.
private struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = 0
    var group: UInt32 = 0
}
