internal import CKernel
internal import Glibc

/// What happened to a descriptor that was waited for. poll(2).
public struct Readiness: OptionSet, Sendable {
    public let rawValue: Int16
    public init(rawValue: Int16) { self.rawValue = rawValue }
    /// C: `POLLIN`.
    public static let readable = Readiness(rawValue: 0x1)
    /// C: `POLLPRI`.
    public static let exceptional = Readiness(rawValue: 0x2)
    /// C: `POLLOUT`.
    public static let writable = Readiness(rawValue: 0x4)
    /// The other side has gone, or the read side of a pipe. C: `POLLERR`.
    public static let failed = Readiness(rawValue: 0x8)
    /// C: `POLLHUP`.
    public static let hungUp = Readiness(rawValue: 0x10)
}

/// Waits until one of `descriptors` is ready; the answers stand in the same order. poll(2).
///
/// `milliseconds`: how long at most; `nil` is for ever. All answers empty means the time ran out.
public func waitForReadiness(
    _ descriptors: [(descriptor: Int32, events: Readiness)], milliseconds: Int32? = nil
) throws(SystemError) -> [Readiness] {
    var list = descriptors.map { ck_poll(fd: $0.descriptor, events: $0.events.rawValue, revents: 0) }
    let deadline = milliseconds.map { monotonicMilliseconds() + Int64($0) }
    while true {
        let left = deadline.map { Int32(max(0, $0 - monotonicMilliseconds())) } ?? -1
        let answer = ck_poll(&list, UInt32(list.count), left)
        if answer >= 0 { return list.map { Readiness(rawValue: $0.revents) } }
        let number = Errno(rawValue: -answer)
        if number != .interrupted { throw SystemError(call: "poll", errno: number) }
    }
}

extension FileDescriptor {
    /// Waits until there is something to read, holding as little memory as can be. For a process that may wait for long.
    ///
    /// Free heap, unused stack and the program's code are given back; code comes back from the program's file when it
    /// runs. madvise(2), poll(2).
    ///
    /// `milliseconds`: how long at most, `nil` for ever; false when the time ran out first.
    @discardableResult
    package borrowing func restUntilReadable(milliseconds: Int32? = nil) throws(SystemError) -> Bool {
        let number = rawValue
        return try check("poll") { ck_rest_until_readable(number, milliseconds ?? -1) } > 0
    }
}

/// Waits until the process behind `handle` has ended; false when `milliseconds` ran out first.
public func waitForEnd(of handle: borrowing FileDescriptor, milliseconds: Int32?) throws(SystemError) -> Bool
{
    try !waitForReadiness([(handle.rawValue, .readable)], milliseconds: milliseconds)[0].isEmpty
}
