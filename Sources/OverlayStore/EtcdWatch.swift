internal import JSON
internal import NIOCore
internal import OverlayControl

/// One connection to one member, on which that tells what happens below some prefixes.
///
/// The body of the request stays open. First it asks for one watch for each prefix; then, now and then, for a sign of life: etcd gives
/// one by itself every ten minutes only, and a connection whose other end is gone, or stopped, is as silent as a network
/// where nothing happens. That answer comes the same way as the events, which a keep-alive of TCP or a question on
/// another connection would not prove.
final class EtcdWatch: StoreWatch {
    private let gateway: EtcdGateway
    private let prefixes: [String]
    private(set) var positions: WatchPositions
    private let patience: TimeAmount
    private var told: ((StoreEvent) -> Void)?
    private var forget: ((EtcdWatch, _ wasEnded: Bool) -> Void)?
    private var stream: WatchStream?
    private var frames = WatchFrames(limit: largestAnswer)
    private var lastSign = NIODeadline.now()
    private var check: RepeatedTask?
    private var untried: ArraySlice<String>
    private var failures: [String] = []
    private var mayRenewToken = true

    init(
        _ gateway: EtcdGateway, _ prefixes: [String], _ positions: WatchPositions, _ patience: TimeAmount,
        _ told: @escaping (StoreEvent) -> Void
    ) {
        self.gateway = gateway
        self.prefixes = prefixes
        self.positions = positions
        self.patience = patience
        self.told = told
        untried = gateway.order.endpoints[...]
    }

    /// `forget` is called once, when nothing more will be told.
    func begin(_ forget: @escaping (EtcdWatch, _ wasEnded: Bool) -> Void) {
        self.forget = forget
        open()
    }

    func cancel() { end(nil) }

    /// Opens a connection to the next member.
    private func open() {
        gateway.authenticated(.now() + patience).assumeIsolated().whenComplete { result in
            guard self.told != nil else { return }
            if case .failure(let error) = result {
                // Nobody who calls is told before the call is over.
                return self.gateway.loop.assumeIsolated().execute {
                    self.end(.ended(error as? StoreError ?? .unreachable("\(error)")))
                }
            }
            self.connect()
        }
    }

    private func connect() {
        guard let endpoint = untried.first else {
            return end(.ended(.unreachable(failures.joined(separator: "; "))))
        }
        frames = WatchFrames(limit: largestAnswer)
        lastSign = .now()
        let messages = zip(Int64(1)..., prefixes).map { id, prefix in
            let position = positions.position(prefix)
            return EtcdRequest.watch(prefix, id: id, from: position == 0 ? 0 : position + 1)
        }
        let stream = WatchStream(gateway, endpoint, self)
        self.stream = stream
        stream.open(messages)
        guard check == nil else { return }
        let watch = NIOLoopBound(self, eventLoop: gateway.loop)
        let interval = TimeAmount.nanoseconds(patience.nanoseconds / 3)
        check = gateway.loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            watch.value.lookAlive()
        }
    }

    private func lookAlive() {
        guard let stream else { return }
        if NIODeadline.now() - lastSign >= patience {
            let seconds = Double(patience.nanoseconds / 1_000_000) / 1000
            return end(.ended(.unreachable("\(stream.endpoint): no sign of life for \(seconds) s")))
        }
        stream.send(EtcdRequest.progress)
    }

    /// Bytes of the answer.
    func received(_ bytes: ByteBufferView, from stream: WatchStream) {
        guard stream === self.stream else { return }
        lastSign = .now()
        do throws(WatchFrames.Flaw) {
            for object in try frames.append(bytes) {
                guard stream === self.stream else { return }
                read(object, stream)
            }
        } catch {
            switch error {
            case .tooLarge(let limit):
                end(.ended(.malformed("\(stream.endpoint): a message of more than \(limit >> 20) MB")))
            case .garbage(let bytes):
                end(.ended(gateway.malformed("\(stream.endpoint)/v3/watch: no JSON object", bytes)))
            }
        }
    }

    private func read(_ object: [UInt8], _ stream: WatchStream) {
        let message: EtcdWatchMessage
        do throws(JSONError) { message = try EtcdWatchMessage(JSONReader(JSONValue(parsing: object))) } catch
        {
            return end(.ended(gateway.malformed("\(stream.endpoint)/v3/watch: \(error)", object)))
        }
        switch message {
        case .created:
            gateway.answered(stream.endpoint)
            // It answers: what goes wrong from now on is for whoever watches, who has to know.
            untried = []
        case .progress: break
        case .changes(let id, let revision, let changes):
            guard prefixes.indices.contains(Int(clamping: id) - 1) else {
                return end(
                    .ended(gateway.malformed("\(stream.endpoint)/v3/watch: unknown watch \(id)", object)))
            }
            let whole = positions.tell(prefixes[Int(id) - 1], revision)
            if !changes.isEmpty { told?(.changes(revision: whole, changes)) }
        case .compacted(let revision): end(.compacted(revision))
        case .cancelled(let reason): refused(EtcdRefusal(code: 0, message: reason), stream)
        case .failed(let refusal): refused(refusal, stream)
        }
    }

    private func refused(_ refusal: EtcdRefusal, _ stream: WatchStream) {
        switch refusal.meaning {
        case .needsToken where mayRenewToken:
            mayRenewToken = false
            gateway.forgetToken()
            drop()
            untried = gateway.order.endpoints[...]
            open()
        case .failed(.noQuorum(let reason)): tryNext(stream, .noQuorum("\(stream.endpoint): \(reason)"))
        case .failed(.refused(let reason)): end(.ended(.refused("\(stream.endpoint): \(reason)")))
        case .failed(let error): end(.ended(error))
        case .compacted: end(.compacted(positions.told + 1))
        case .needsToken, .needsNoToken:
            end(.ended(.refused("\(stream.endpoint): \(refusal.message)")))
        }
    }

    /// The connection has ended, or never began.
    func closed(_ stream: WatchStream, _ reason: String) {
        guard stream === self.stream else { return }
        tryNext(stream, .unreachable("\(stream.endpoint): \(reason)"))
    }

    /// What no member has answered yet may be asked of the next one.
    private func tryNext(_ stream: WatchStream, _ error: StoreError) {
        drop()
        gateway.failed(stream.endpoint)
        untried = untried.dropFirst()
        guard !untried.isEmpty else { return end(.ended(error)) }
        failures.append("\(error)")
        connect()
    }

    private func drop() { stream.take()?.cancel() }

    private func end(_ event: StoreEvent?) {
        guard let told = told.take() else { return }
        check?.cancel()
        drop()
        var wasEnded = false
        if case .ended = event { wasEnded = true }
        forget.take()?(self, wasEnded)
        if let event { told(event) }
    }
}
