package import Kernel

/// Signals which ask the host to stop: SIGINT, SIGTERM and SIGHUP, blocked and counted while the value lives.
///
/// The first one stops an ADD, which is undone then, and what only looks. A DEL or an undoing goes on to its end, which
/// would have to be done anyway; the second signal stops these, too.
package final class Interruption {
    private let queue: SignalQueue
    /// The signals that came, in order.
    package private(set) var signals: [Int32] = []

    /// How many signals it takes.
    enum Patience: Int {
        case none = 1
        case some = 2
    }

    package init() throws(SystemError) {
        queue = try SignalQueue(of: [Signal.interrupt, Signal.terminate, Signal.hangUp])
    }

    /// The signal that ended the patience, if one did.
    func signal(_ patience: Patience) -> Int32? {
        // What cannot be read is there the next time.
        if let more = try? queue.take() { signals += more }
        return signals.count >= patience.rawValue ? signals[patience.rawValue - 1] : nil
    }

    /// For a program that is running.
    func request(_ patience: Patience) -> StopRequest {
        StopRequest(descriptor: queue.descriptor) { self.signal(patience) != nil }
    }
}
