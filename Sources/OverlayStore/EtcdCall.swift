internal import AsyncHTTPClient
internal import JSON
internal import Kernel
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One question to etcd's gateway.
struct EtcdCall {
    let path: String
    let body: JSONValue
    /// Whether it may be asked again when it is not known what became of it.
    let isRepeatable: Bool

    init(_ path: String, _ body: JSONValue, isRepeatable: Bool = true) {
        self.path = path
        self.body = body
        self.isRepeatable = isRepeatable
    }
}

/// What became of an attempt to ask.
enum EtcdReply: Sendable {
    case answered(status: UInt, [UInt8])
    /// `wasSent`: the server may have done it.
    case failed(reason: String, wasSent: Bool, isTimeout: Bool)
}

/// Bytes of an answer that are taken; also of one message of a watch.
let largestAnswer = 64 << 20

/// Collects an answer.
final class ReplyCollector: HTTPClientResponseDelegate {
    typealias Response = EtcdReply

    private struct State {
        var wasSent = false
        var status: UInt = 0
        var body: [UInt8] = []
    }
    private let state: NIOLoopBoundBox<State>

    init(_ loop: any EventLoop) { state = NIOLoopBoundBox(State(), eventLoop: loop) }

    var wasSent: Bool { state.value.wasSent }

    func didSendRequestHead(task: HTTPClient.Task<Response>, _ head: HTTPRequestHead) {
        state.value.wasSent = true
    }

    func didReceiveHead(
        task: HTTPClient.Task<Response>, _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        state.value.status = head.status.code
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        return accepted(length, by: task)
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<Response>, _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        state.value.body.append(contentsOf: buffer.readableBytesView)
        return accepted(state.value.body.count, by: task)
    }

    private func accepted(_ bytes: Int, by task: HTTPClient.Task<Response>) -> EventLoopFuture<Void> {
        guard bytes <= largestAnswer else { return task.eventLoop.makeFailedFuture(TooLarge()) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Response>) -> Response {
        .answered(status: state.value.status, state.value.body)
    }
}

/// An answer that is not taken.
struct TooLarge: Error, CustomStringConvertible {
    var description: String { "an answer of more than \(largestAnswer >> 20) MB" }
}

/// In a person's words why there was no answer.
func reason(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
        guard let failure = error.connectionErrors.first?.error else {
            return "the name \(error.host) is not known"
        }
        return reason(failure)
    case let error as IOError:
        return "\(SystemError(call: "connect", errno: Errno(rawValue: error.errnoCode)))"
    // An answer without its end.
    case is HTTPParserError: return "the connection was closed"
    case let error as HTTPClientError: return reason(error)
    default: return "\(error)"
    }
}

private func reason(_ error: HTTPClientError) -> String {
    switch error {
    case .connectTimeout: "no connection within a second"
    case .tlsHandshakeTimeout: "no TLS handshake within a second"
    case .deadlineExceeded: "no answer in time"
    case .remoteConnectionClosed: "the connection was closed"
    default: error.shortDescription
    }
}
