internal import CKernel
internal import Glibc

/// Signals which arrive as reads from a descriptor. signalfd(2).
///
/// While the value lives, the signals are blocked; they are unblocked again when the value goes.
public struct SignalQueue: ~Copyable {
    private let file: FileDescriptor

    /// Blocks all signals and starts to collect them.
    public init() throws(SystemError) {
        file = FileDescriptor(owning: try check("signalfd") { ck_signalfd_all() })
    }

    /// Blocks `signals` and starts to collect them.
    public init(of signals: [Int32]) throws(SystemError) {
        file = FileDescriptor(
            owning: try check("signalfd") { ck_signalfd_of(signals, signals.count) })
    }

    deinit { _ = ck_unblock_signals() }

    /// The number to wait on. poll(2) says readable when a signal is there.
    public var descriptor: Int32 { file.rawValue }

    /// A second descriptor for the same queue.
    package borrowing func duplicate() throws(SystemError) -> FileDescriptor { try file.duplicate() }

    /// The numbers of the signals that have arrived.
    public borrowing func take() throws(SystemError) -> [Int32] {
        let recordSize = 128
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try file.read(upTo: recordSize * 16)
        } catch {
            if error.errno == .tryAgain { return [] }
            throw error
        }
        return stride(from: 0, to: bytes.count, by: recordSize).map { Int32(bytes[$0]) }
    }
}

/// Lets every signal through again; for a child made while a ``SignalQueue`` was alive.
public func unblockSignals() { _ = ck_unblock_signals() }

/// Sets every signal back to its default action.
public func resetSignals() { _ = ck_reset_signals() }

/// Lets `signal` pass without effect from now on; a program that is executed has it at its default again.
public func swallowSignal(_ signal: Int32) { _ = ck_swallow_signal(signal) }

/// Ignores `signal` from now on.
public func ignoreSignal(_ signal: Int32) { _ = ck_ignore_signal(signal) }

/// Numbers of signals this package names. signal(7), x86 and ARM.
public enum Signal {
    public static let hangUp: Int32 = 1
    public static let interrupt: Int32 = 2
    public static let quit: Int32 = 3
    public static let kill: Int32 = 9
    public static let pipe: Int32 = 13
    public static let terminate: Int32 = 15
    public static let child: Int32 = 17
    public static let windowChanged: Int32 = 28
    public static let urgent: Int32 = 23
}
