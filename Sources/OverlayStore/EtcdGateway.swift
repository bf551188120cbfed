internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import OverlayControl

/// Asks the members of an etcd cluster by their JSON gateway, one after the other.
final class EtcdGateway {
    let loop: any EventLoop
    let log: (String) -> Void
    let client: HTTPClient
    private let address: StoreAddress
    private(set) var order: EndpointOrder
    private var token: String?
    /// Who needs a token waits for the same one.
    private var authentication: EventLoopFuture<Void>?
    private var knowsUsers: Bool

    /// An answer that takes longer is none: etcd itself gives up after seven seconds, which nobody wants to wait for.
    private static let patience = TimeAmount.seconds(2)
    /// With all members that are asked together.
    private static let wholePatience = TimeAmount.seconds(3)

    init(_ address: StoreAddress, _ log: @escaping (String) -> Void, _ loop: any EventLoop) throws(StoreError)
    {
        self.address = address
        self.log = log
        self.loop = loop
        order = EndpointOrder(try address.checkedEndpoints())
        knowsUsers = !address.username.isEmpty
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try address.tls(), redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(1)))
        // Another member is asked instead.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each watch holds one.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroupProvider: .shared(loop), configuration: configuration)
    }

    /// Asks, and reads the answer by `decode`.
    ///
    /// Fails with ``StoreError``, or with ``EtcdRefusal`` when what was asked for is compacted.
    func ask<Answer: Sendable>(
        _ call: EtcdCall, _ decode: @escaping (JSONReader) throws(JSONError) -> Answer
    ) -> EventLoopFuture<Answer> {
        let deadline = NIODeadline.now() + Self.wholePatience
        return authenticated(deadline).assumeIsolated().flatMap {
            self.perform(Attempt(call, self.order.endpoints, deadline, hasUser: self.knowsUsers))
        }.flatMap { value in
            do throws(JSONError) {
                return self.loop.makeSucceededFuture(try decode(JSONReader(value)))
            } catch {
                return self.failed(self.malformed("\(call.path): \(error)", Array(value.text.utf8)))
            }
        }.nonisolated()
    }

    /// A question on its way through the members.
    private struct Attempt {
        let call: EtcdCall
        var untried: ArraySlice<String>
        let deadline: NIODeadline
        var mayRenewToken: Bool
        /// What those who were asked before have said.
        var failures: [String] = []
        var hasNoQuorum = false

        init(_ call: EtcdCall, _ endpoints: [String], _ deadline: NIODeadline, hasUser: Bool) {
            self.call = call
            untried = endpoints[...]
            self.deadline = deadline
            mayRenewToken = hasUser
        }

        var error: StoreError {
            let text = failures.joined(separator: "; ")
            return hasNoQuorum ? .noQuorum(text) : .unreachable(text)
        }
    }

    private func perform(_ attempt: Attempt) -> EventLoopFuture<JSONValue> {
        guard let endpoint = attempt.untried.first, NIODeadline.now() < attempt.deadline else {
            return failed(attempt.error)
        }
        return exchange(endpoint, attempt).assumeIsolated().flatMap { reply in
            switch reply {
            case .answered(let status, let body): self.judge(status, body, endpoint, attempt)
            case .failed(let reason, let wasSent, let isTimeout):
                self.goOn(
                    attempt, "\(endpoint): \(reason)", isSafe: !wasSent, isNoQuorum: wasSent && isTimeout)
            }
        }.nonisolated()
    }

    private func exchange(_ endpoint: String, _ attempt: Attempt) -> EventLoopFuture<EtcdReply> {
        let body = ByteBuffer(string: attempt.call.body.text)
        do {
            let request = try HTTPClient.Request(
                url: endpoint + attempt.call.path, method: .POST, headers: headers, body: .byteBuffer(body))
            let collector = ReplyCollector(loop)
            let deadline = min(attempt.deadline, .now() + Self.patience)
            return client.execute(
                request: request, delegate: collector, eventLoop: .delegateAndChannel(on: loop),
                deadline: deadline
            ).futureResult.flatMapErrorThrowing { error in
                .failed(
                    reason: reason(error), wasSent: collector.wasSent,
                    isTimeout: error as? HTTPClientError == .deadlineExceeded)
            }
        } catch {
            return loop.makeSucceededFuture(
                .failed(reason: reason(error), wasSent: false, isTimeout: false))
        }
    }

    /// The gateway hands on to the server what begins like this; `hasleader` makes a member that was cut off say so.
    var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["Grpc-Metadata-hasleader": "true"]
        if let token { headers.add(name: "Authorization", value: token) }
        return headers
    }

    /// Reads what a member has said.
    private func judge(
        _ status: UInt, _ body: [UInt8], _ endpoint: String, _ attempt: Attempt
    ) -> EventLoopFuture<JSONValue> {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: body) } catch {
            return failed(malformed("\(endpoint)\(attempt.call.path), status \(status): \(error)", body))
        }
        guard let refusal = EtcdRefusal(JSONReader(value)) else {
            guard status == 200 else {
                return failed(malformed("\(endpoint)\(attempt.call.path), status \(status)", body))
            }
            order.answered(endpoint)
            return loop.makeSucceededFuture(value)
        }
        switch refusal.meaning {
        case .needsToken where attempt.mayRenewToken:
            token = nil
            var again = attempt
            again.mayRenewToken = false
            return authenticated(attempt.deadline).assumeIsolated().flatMap { self.perform(again) }
                .nonisolated()
        case .failed(.noQuorum(let reason)):
            return goOn(attempt, "\(endpoint): \(reason)", isSafe: refusal.isCertain, isNoQuorum: true)
        case .failed(.full(let reason)): return failed(.full("\(endpoint): \(reason)"))
        case .failed(.refused(let reason)): return failed(.refused("\(endpoint): \(reason)"))
        case .failed(let error): return failed(error)
        case .compacted, .needsNoToken: return loop.makeFailedFuture(refusal)
        case .needsToken: return failed(.refused("\(endpoint): \(refusal.message)"))
        }
    }

    /// Asks the next member; `isSafe` when it is certain that this one has done nothing.
    ///
    /// What changes something under conditions is not asked twice otherwise: done the first time, it would be refused the second,
    /// and whoever asked would take his own key for somebody else's. All the rest may be: a list changes nothing; a
    /// transaction without conditions leaves the same behind; a lease that nobody knows of ends by itself.
    private func goOn(
        _ attempt: Attempt, _ failure: String, isSafe: Bool, isNoQuorum: Bool
    ) -> EventLoopFuture<JSONValue> {
        var next = attempt
        if let endpoint = next.untried.popFirst() { order.failed(endpoint) }
        next.failures.append(failure)
        next.hasNoQuorum = next.hasNoQuorum || isNoQuorum
        guard isSafe || attempt.call.isRepeatable else { return failed(next.error) }
        return perform(next)
    }

    /// Comes when there is a token, or none is needed.
    func authenticated(_ deadline: NIODeadline) -> EventLoopFuture<Void> {
        guard knowsUsers, token == nil else { return loop.makeSucceededVoidFuture() }
        if let authentication { return authentication }
        let body = EtcdRequest.authenticate(user: address.username, password: address.password)
        let call = EtcdCall("/v3/auth/authenticate", body)
        let attempt = Attempt(call, order.endpoints, deadline, hasUser: false)
        let done = perform(attempt).assumeIsolated().map { value in
            self.token = try? EtcdAnswer.token(JSONReader(value))
        }.flatMapErrorThrowing { error in
            // As etcdctl does: who has a name where none is needed may go on without.
            guard let refusal = error as? EtcdRefusal, refusal.meaning == .needsNoToken else { throw error }
            self.knowsUsers = false
        }.nonisolated()
        authentication = done
        done.assumeIsolated().whenComplete { _ in self.authentication = nil }
        return done
    }

    func close() -> EventLoopFuture<Void> { client.shutdown().hop(to: loop) }

    /// Forgets the token, which was refused.
    func forgetToken() { token = nil }

    /// Remembers which member answers, and which does not.
    func answered(_ endpoint: String) { order.answered(endpoint) }
    func failed(_ endpoint: String) { order.failed(endpoint) }

    /// An error about an answer; what it was begins in the log.
    func malformed(_ what: String, _ bytes: [UInt8]) -> StoreError {
        let excerpt = String(decoding: bytes.prefix(200), as: UTF8.self)
        log("etcd: \(what): \(JSONValue.string(excerpt).text)")
        return .malformed(what)
    }

    private func failed<Value: Sendable>(_ error: StoreError) -> EventLoopFuture<Value> {
        loop.makeFailedFuture(error)
    }
}
