internal import Kernel
internal import OCISpec

/// Both ends of the way a terminal's master side goes.
struct ConsoleEnds: ~Copyable {
    /// For the container's process, which sends.
    var container: FileDescriptor?
    /// For this runtime where it serves the terminal itself.
    var runtime: FileDescriptor?

    /// For a process that runs in the foreground: its terminal goes to `socket`, or without one to this runtime.
    init(_ process: Process?, socket: String?) throws(RuntimeError) {
        guard process?.terminal == true else { return }
        do throws(SystemError) {
            if let socket {
                container = try connectSocket(socket)
            } else {
                try openPacketPair(&container, &runtime)
            }
        } catch { throw .system(step: "prepare a terminal", reason: "\(error)") }
    }
}

/// Stays with a process until it ends: passes signals on, and serves its terminal where it has one of ours.
struct Foreground: ~Copyable {
    private let pid: Int32
    private let handle: FileDescriptor
    private let signals: SignalQueue
    /// The terminal's master side; number -1 where this runtime serves none.
    private let master: FileDescriptor
    private var isServing: Bool
    /// Typed, but not yet taken by the terminal.
    private var pending: [UInt8] = []
    private var isInputOpen = true
    /// Listens to the container until it is ready, where somebody wants to know.
    var proxy: ReadinessProxy?

    init(
        pid: Int32, signals: consuming SignalQueue, console: consuming FileDescriptor?
    ) throws(RuntimeError) {
        let opened = try RuntimeError.step("open process \(pid)") { () throws(SystemError) in
            try openProcess(pid)
        }
        let number = try Self.receiveTerminal(console)
        master = FileDescriptor(owning: number)
        isServing = number >= 0
        handle = opened
        self.pid = pid
        self.signals = signals
    }

    private static func receiveTerminal(_ console: consuming FileDescriptor?) throws(RuntimeError) -> Int32 {
        guard let console else { return -1 }
        return try RuntimeError.step("receive the terminal") { () throws(SystemError) in
            guard let number = try console.receiveDescriptor(upTo: 64).descriptor else { return -1 }
            let master = FileDescriptor(owning: number)
            // A program that reads nothing must not keep its output and its signals waiting.
            try master.stopBlocking()
            return master.release()
        }
    }

    /// Waits for the end of the process and answers its exit code, 128 and the number for a signal.
    mutating func run() throws(RuntimeError) -> Int32 {
        var raw: RawTerminal?
        if isServing, isTerminal(0) {
            copyWindowSize(from: 0, to: master.rawValue)
            raw = try RuntimeError.step("take the terminal into raw mode") { () throws(SystemError) in
                try RawTerminal(0)
            }
        }
        defer { _ = raw.take() }
        return try RuntimeError.step("wait for process \(pid)") { () throws(SystemError) in
            while true {
                if let status = try serveOnce() { return status.code }
            }
        }
    }

    /// Waits for one event and deals with it; answers the status once the process has ended.
    private mutating func serveOnce() throws(SystemError) -> ExitStatus? {
        let terminal = isServing ? master.rawValue : -1  // poll(2) passes over negative numbers
        let input: Int32 = isServing && isInputOpen && pending.isEmpty ? 0 : -1
        let wanted: Readiness = pending.isEmpty ? .readable : [.readable, .writable]
        let ready = try waitForReadiness([
            (signals.descriptor, .readable), (handle.rawValue, .readable), (terminal, wanted),
            (input, .readable), (proxyDescriptor, .readable),
        ])
        if !ready[0].isEmpty { try passSignalsOn() }
        if ready[2].contains(.writable) { try writePending() }
        if ready[2].contains(.readable) || ready[2].contains(.hungUp) { try showOutput() }
        if !ready[3].isEmpty { try readInput() }
        if !ready[4].isEmpty { passReadinessOn() }
        guard !ready[1].isEmpty else { return nil }
        while isServing, try hasOutput() { try showOutput() }
        return try waitForExit(pid)
    }

    private var proxyDescriptor: Int32 {
        switch proxy {
        case .some(let open): open.descriptor
        case .none: -1
        }
    }

    /// A service manager watches the process it started, which is this one: its end is the container's.
    private mutating func passReadinessOn() {
        guard let open = proxy.take() else { return }
        // A manager that is gone is nobody's loss.
        let isDone = (try? open.passOn(mainPID: processID())) ?? true
        if !isDone { proxy = consume open }
    }

    private func passSignalsOn() throws(SystemError) {
        for number in try signals.take() {
            switch number {
            case Signal.child: try reapOthers()
            case Signal.windowChanged:
                if isServing { copyWindowSize(from: 0, to: master.rawValue) }
            case Signal.urgent, Signal.pipe: break
            default: try? sendSignal(number, to: handle)  // it may have ended meanwhile
            }
        }
    }

    /// Takes leave of orphans of the container that have become this process's children.
    private func reapOthers() throws(SystemError) {
        while let other = try peekAtEndedChild(), other != pid { _ = try waitForExit(other) }
    }

    private func hasOutput() throws(SystemError) -> Bool {
        try waitForReadiness([(master.rawValue, .readable)], milliseconds: 0)[0].contains(.readable)
    }

    private mutating func showOutput() throws(SystemError) {
        do throws(SystemError) {
            let bytes = try master.read(upTo: 16384)
            try withStandardOutput { file throws(SystemError) in try file.write(bytes) }
            if !bytes.isEmpty { return }
        } catch {
            if error.errno == .tryAgain { return }
            // A terminal nobody holds open any more answers EIO instead of an end.
            if error.errno != .inputOutput && error.errno != .brokenPipe { throw error }
        }
        isServing = false
    }

    private mutating func readInput() throws(SystemError) {
        let bytes = try withStandardInput { file throws(SystemError) in try file.read(upTo: 4096) }
        if bytes.isEmpty { isInputOpen = false }
        pending = bytes
    }

    private mutating func writePending() throws(SystemError) {
        pending.removeFirst(try master.writeSome(pending))
    }
}
