internal import Kernel

/// Somebody's standard streams and a container's, connected by conmon's attach socket.
///
/// conmon sends packets whose first byte says where the rest was written: 2 is standard output, 3 standard error. What it receives
/// is the container's standard input.
package struct AttachSession: ~Copyable {
    private let socket: FileDescriptor
    private let bundle: String
    /// Who gets our signals; `nil` as long as there is nobody.
    var process: UniqueProcess?
    private let options: AttachOptions
    private var keys: DetachKeys
    /// What was typed and could not be handed on yet.
    private var pending: [UInt8] = []
    private var readsInput: Bool

    /// Connects to the container of the bundle.
    init(bundle: String, process: UniqueProcess?, options: AttachOptions) throws(EngineError) {
        let keys = try DetachKeys(options.detachKeys)
        socket = try EngineError.step("attach to the container") { () throws(SystemError) in
            try connectPacketSocket("attach", in: bundle)
        }
        self.bundle = bundle
        self.process = process
        self.options = options
        self.keys = keys
        readsInput = options.readsInput
    }

    /// Carries bytes until the container has ended, or the person leaves.
    package mutating func run() throws(EngineError) -> AttachEnd {
        try EngineError.step("carry the container's streams") { () throws(SystemError) in
            let signals = try SignalQueue()
            let usesTerminal = options.hasTerminal && readsInput && isTerminal(0)
            let raw = usesTerminal ? try RawTerminal(0) : nil
            defer { restore(raw) }
            if options.hasTerminal { sendSize() }
            return try carry(signals)
        }
    }

    private mutating func carry(_ signals: borrowing SignalQueue) throws(SystemError) -> AttachEnd {
        while true {
            if !readsInput, !options.showsOutput, !options.showsErrors { return .inputEnded }
            let ready = try waitForReadiness([
                (socket.rawValue, pending.isEmpty ? .readable : [.readable, .writable]),
                (readsInput && pending.isEmpty ? 0 : -1, .readable), (signals.descriptor, .readable),
            ])
            if !ready[2].isEmpty {
                for signal in try signals.take() where hand(signal) { return .left(by: signal) }
            }
            if ready[0].contains(.writable) {
                try send(pending)
                pending = []
            }
            if ready[0].contains(.readable) || ready[0].contains(.hungUp) {
                let packet = try received()
                if packet.isEmpty { return .ended }
                // Nobody reads any more; the container goes on.
                guard try write(packet) else { return .left(by: Signal.pipe) }
            }
            if !ready[1].isEmpty, try readInput() { return .detached }
        }
    }

    /// Takes what was typed; whether it was the keys which end the attachment.
    private mutating func readInput() throws(SystemError) -> Bool {
        let bytes = try withStandardInput { input throws(SystemError) in try input.read(upTo: 8192) }
        guard !bytes.isEmpty else {
            readsInput = false
            // The container's standard input ends, too, unless it is a terminal.
            if !options.hasTerminal { try? socket.shutdownWriting() }
            return false
        }
        guard options.hasTerminal else {
            pending = bytes
            return false
        }
        let (forwarded, isComplete) = keys.take(bytes)
        pending = forwarded
        return isComplete
    }

    private func received() throws(SystemError) -> [UInt8] {
        do throws(SystemError) { return try socket.receive(upTo: 32_768) } catch {
            // conmon was killed.
            if error.errno == .connectionReset { return [] }
            throw error
        }
    }

    private func send(_ bytes: [UInt8]) throws(SystemError) {
        do throws(SystemError) { try socket.send(bytes) } catch {
            // The container has closed its standard input, or ended.
            guard [.brokenPipe, .connectionReset].contains(error.errno) else { throw error }
        }
    }

    /// Answers whether somebody still reads what is written.
    private func write(_ packet: [UInt8]) throws(SystemError) -> Bool {
        guard let stream = packet.first else { return true }
        let bytes = Array(packet.dropFirst())
        do throws(SystemError) {
            switch stream {
            case 3 where options.showsErrors:
                try withStandardError { error throws(SystemError) in try error.write(bytes) }
            case 2 where options.showsOutput:
                try withStandardOutput { output throws(SystemError) in try output.write(bytes) }
            default: break
            }
        } catch {
            guard error.errno == .brokenPipe else { throw error }
            return false
        }
        return true
    }

    /// Gives the container a signal of ours; answers whether it is us who have to go instead.
    private func hand(_ signal: Int32) -> Bool {
        switch signal {
        case Signal.windowChanged where options.hasTerminal: sendSize()
        case Signal.child, Signal.pipe, Signal.urgent, Signal.windowChanged: break
        default:
            guard options.proxiesSignals else { return AttachOptions.endingSignals.contains(signal) }
            guard let handle = (try? process?.open()) ?? nil else { break }
            // It has ended meanwhile: the socket says so next.
            try? sendSignal(signal, to: handle)
        }
        return false
    }

    /// Tells conmon the size of our terminal.
    private func sendSize() {
        guard let size = try? windowSize(0), size.rows > 0 else { return }
        resizeTerminal(bundle: bundle, rows: size.rows, columns: size.columns)
    }
}

/// How somebody attaches to a container.
package struct AttachOptions: Sendable {
    package var readsInput: Bool
    package var hasTerminal: Bool
    package var proxiesSignals: Bool
    package var detachKeys: String
    package var showsOutput = true
    package var showsErrors = true

    fileprivate static let endingSignals = [
        Signal.interrupt, Signal.terminate, Signal.hangUp, Signal.quit,
    ]

    package init(
        readsInput: Bool, hasTerminal: Bool, proxiesSignals: Bool = true,
        detachKeys: String = DetachKeys.standard
    ) {
        self.readsInput = readsInput
        self.hasTerminal = hasTerminal
        self.proxiesSignals = proxiesSignals
        self.detachKeys = detachKeys
    }
}

/// How an attachment came to its end.
package enum AttachEnd: Hashable, Sendable {
    /// The container has closed its streams.
    case ended
    /// The person typed the detach keys; the container runs on.
    case detached
    /// Our standard input has ended, and nothing else was attached; the container runs on.
    case inputEnded
    /// A signal the container does not get told us to go, or the reader of what it writes went, which is SIGPIPE; the container runs on.
    case left(by: Int32)
}

/// Has conmon give the container's terminal a size. Best effort: without it only the picture suffers.
func resizeTerminal(bundle: String, rows: UInt16, columns: UInt16) {
    do throws(SystemError) {
        // Nobody reads where conmon has died: that must not hold us.
        try FileDescriptor.open(bundle + "/ctl", [.writeOnly, .nonBlocking]).write("1 \(rows) \(columns)\n")
    } catch {}
}

/// Says that the terminal is raw up to here.
private func restore(_ terminal: borrowing RawTerminal?) {}

extension Container {
    /// Connects to the streams of the start `running`.
    package func attach(
        to running: Running, _ options: AttachOptions
    ) throws(EngineError) -> AttachSession {
        try AttachSession(bundle: bundle, process: running.process, options: options)
    }
}
