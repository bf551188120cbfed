import CommandWords
import Kernel
import NIOCore
import NIOPosix
import NetdClient

/// The daemon of a run directory, from its lock to its end.
struct Service: ~Copyable {
    private let paths: NetdPaths
    private let settings: SettingsFile
    private let lock: FileLock
    private let mode: Mode

    /// How it was started.
    enum Mode: ~Copyable {
        case foreground
        /// `ready` gets a byte when the daemon can be talked to.
        case background(ready: Kernel.FileDescriptor)

        var isBackground: Bool {
            switch self {
            case .foreground: false
            case .background: true
            }
        }
    }

    /// nil when another daemon answers already, and that is as good.
    init?(_ paths: NetdPaths, overlay settings: SettingsFile, _ mode: consuming Mode) throws(Failure) {
        guard let lock = try takeLock(paths, waits: mode.isBackground) else { return nil }
        self.paths = paths
        self.settings = settings
        self.lock = lock
        self.mode = mode
    }

    /// Serves until a signal or a call ends it; the answer is the exit code.
    consuming func run() throws(Failure) -> Int32 {
        changeUmask(0o077)
        raiseDescriptorLimit()
        let log = Log(mode.isBackground ? paths.log : nil)
        // Before there is a second thread: all of them inherit what is blocked.
        var ends = [Signal.terminate, Signal.interrupt]
        // There is nothing to read again, and a terminal is not there to hang up.
        if mode.isBackground { swallowSignal(Signal.hangUp) } else { ends.append(Signal.hangUp) }
        let signals = try system("collect signals") { () throws(SystemError) in try SignalQueue(of: ends) }
        let queue = try system("collect signals") { () throws(SystemError) in try signals.duplicate() }
        let (number, paths, settings, ready) = (queue.release(), paths, settings, Readiness(mode))
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            Daemon(paths, overlay: settings, log, loop).start(signals: number, ready)
        }
        _ = consume signals
        return 0
    }
}

/// Who waits for the daemon to answer.
final class Readiness {
    private var pipe: Kernel.FileDescriptor?

    init(_ mode: consuming Service.Mode) {
        switch consume mode {
        case .foreground: pipe = nil
        case .background(let ready): pipe = consume ready
        }
    }

    /// Tells that the daemon answers: from now on the log is where it says things.
    func announce() {
        guard let pipe = pipe.take() else { return }
        try? pipe.write([1])
        if let nothing = try? Kernel.FileDescriptor.open("/dev/null", .readWrite) {
            try? installDescriptor(nothing.rawValue, as: 2)
        }
    }
}

/// One daemon serves a run directory. One which was started in the background waits for another that is just ending.
/// - Returns: nil when there is another which answers, and nobody in front of this one to be told.
private func takeLock(_ paths: NetdPaths, waits: Bool) throws(Failure) -> FileLock? {
    let deadline = monotonicMilliseconds() + (waits ? 5000 : 0)
    while true {
        let lock = try system("lock \(paths.lock)") { () throws(SystemError) in
            try FileLock.take(
                try Kernel.FileDescriptor.open(paths.lock, [.create, .readWrite, .noFollow], mode: 0o600),
                name: paths.lock, wait: false)
        }
        if let lock { return lock }
        // Two were started at once: whoever waits for this one is served by the other, as soon as that has read the records.
        if waits, case .some(.some) = try? NetdClient(paths).status() { return nil }
        if monotonicMilliseconds() >= deadline {
            throw Failure("another \(programName) serves \(paths.run)")
        }
        pause(milliseconds: 20)
    }
}
