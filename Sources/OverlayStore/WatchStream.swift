internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import OverlayControl

/// A request to `/v3/watch` whose body and answer stay open.
final class WatchStream {
    let endpoint: String
    private let gateway: EtcdGateway
    private let watch: EtcdWatch
    private var writer: HTTPClient.Body.StreamWriter?
    /// Ends the body of the request.
    private let bodyEnd: EventLoopPromise<Void>
    private var abort: (() -> Void)?
    private var isOver = false

    init(_ gateway: EtcdGateway, _ endpoint: String, _ watch: EtcdWatch) {
        self.gateway = gateway
        self.endpoint = endpoint
        self.watch = watch
        bodyEnd = gateway.loop.makePromise()
    }

    /// Sends the first messages; the watch is told what comes, also that nothing does.
    func open(_ messages: [JSONValue]) {
        var headers = gateway.headers
        // Without it the server takes in the whole body before it answers. net/http, "HTTP/1.x full duplex".
        headers.add(name: "Connection", value: "close")
        let this = NIOLoopBound(self, eventLoop: gateway.loop)
        let first = ByteBuffer(string: messages.map { $0.text + "\n" }.joined())
        do {
            let request = try HTTPClient.Request(
                url: "\(endpoint)/v3/watch", method: .POST, headers: headers,
                body: .stream { writer in this.value.begin(writer, first) })
            let running = gateway.client.execute(
                request: request, delegate: WatchReceiver(this),
                eventLoop: .delegateAndChannel(on: gateway.loop))
            abort = { running.cancel() }
            running.futureResult.assumeIsolated().whenComplete { result in
                switch result {
                case .success: self.over("the connection was closed")
                case .failure(let error): self.over(reason(error))
                }
            }
        } catch {
            gateway.loop.assumeIsolated().execute { self.over(reason(error)) }
        }
    }

    private func begin(
        _ writer: HTTPClient.Body.StreamWriter, _ first: ByteBuffer
    ) -> EventLoopFuture<Void> {
        guard !isOver else { return gateway.loop.makeSucceededVoidFuture() }
        self.writer = writer
        return writer.write(.byteBuffer(first)).flatMap { [end = bodyEnd.futureResult] in end }
    }

    /// Sends one more message.
    func send(_ message: JSONValue) {
        guard !isOver, let writer else { return }
        _ = writer.write(.byteBuffer(ByteBuffer(string: message.text + "\n")))
    }

    func cancel() {
        abort.take()?()
        finish()
    }

    /// What has come.
    func received(_ buffer: ByteBuffer) {
        if !isOver { watch.received(buffer.readableBytesView, from: self) }
    }

    /// An answer that is none of a watch: an error of the gateway has its words in the body all the same.
    private func over(_ reason: String) {
        let wasOver = isOver
        finish()
        if !wasOver { watch.closed(self, reason) }
    }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        writer = nil
        bodyEnd.succeed()
    }
}

/// Hands on what comes.
final class WatchReceiver: HTTPClientResponseDelegate {
    typealias Response = Void
    private let stream: NIOLoopBound<WatchStream>

    init(_ stream: NIOLoopBound<WatchStream>) { self.stream = stream }

    func didReceiveBodyPart(
        task: HTTPClient.Task<Response>, _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        stream.value.received(buffer)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<Response>) {}
}
