import Kernel
import NIOCore
import Resolver

/// Asks upstream servers, from the host's network.
final class Forwarder {
    private let loop: any EventLoop
    /// Until when a server which did not answer is asked last, in milliseconds.
    private var badUntil: [Upstream: Int64] = [:]
    /// Questions under way.
    private var running = 0

    /// Milliseconds.
    private static let memory: Int64 = 30_000
    /// Questions of all containers that may be under way: each needs a descriptor.
    private static let mostRunning = 16384

    init(_ loop: any EventLoop) { self.loop = loop }

    /// Asks `servers`, one after the other; `answer` gets what the first says that answers, or nil.
    ///
    /// What came by TCP is asked by TCP, so that an answer which was cut short comes whole the second time.
    func ask(
        _ query: Query, _ servers: [Upstream], _ transport: BoundSocket.Transport,
        _ answer: @escaping ([UInt8]?) -> Void
    ) {
        guard running < Self.mostRunning else { return answer(nil) }
        running += 1
        let now = monotonicMilliseconds()
        badUntil = badUntil.filter { $0.value > now }
        let order = servers.filter { badUntil[$0] == nil } + servers.filter { badUntil[$0] != nil }
        UpstreamExchange(query, order, transport, self, loop) { reply in
            self.running -= 1
            answer(reply)
        }.begin()
    }

    /// Remembers that a server did not answer.
    func failed(_ server: Upstream) { badUntil[server] = monotonicMilliseconds() + Self.memory }

    /// Remembers that it did.
    func answered(_ server: Upstream) { if !badUntil.isEmpty { badUntil[server] = nil } }
}
