internal import CKernel
internal import Glibc

/// Connects to a TCP port of an address written in text, IPv4 or IPv6. connect(2).
///
/// - Throws: ``SystemError`` with `EINVAL` when `address` is none, `ETIMEDOUT` when the time ran out.
package func connectTCP(
    _ address: String, port: UInt16, milliseconds: Int32
) throws(SystemError) -> FileDescriptor {
    let subject = "\(address) port \(port)"
    let socket = FileDescriptor(
        owning: try check("connect", subject) { ck_connect_inet(address, port) })
    let number = socket.rawValue
    guard try !waitForReadiness([(number, .writable)], milliseconds: milliseconds)[0].isEmpty else {
        throw SystemError(call: "connect", subject: subject, errno: .timedOut)
    }
    let pending = try check("getsockopt", subject) { ck_socket_error(number) }
    guard pending == 0 else {
        throw SystemError(call: "connect", subject: subject, errno: Errno(rawValue: pending))
    }
    return socket
}

extension FileDescriptor {
    /// Sends all of `bytes` over a stream socket which does not block. send(2).
    ///
    /// - Throws: ``SystemError`` with `ETIMEDOUT` when nothing could be sent for `milliseconds`.
    package borrowing func sendAll(_ bytes: [UInt8], milliseconds: Int32) throws(SystemError) {
        let number = rawValue
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try !waitForReadiness([(number, .writable)], milliseconds: milliseconds)[0].isEmpty else {
                throw SystemError(call: "send", errno: .timedOut)
            }
            let piece = Array(rest.prefix(65536))
            rest.removeFirst(Int(try check("send") { ck_send(number, piece, piece.count) }))
        }
    }

    /// What came over a stream socket, at most `limit` bytes; empty when the other side has closed. recv(2).
    ///
    /// - Throws: ``SystemError`` with `ETIMEDOUT` when nothing came for `milliseconds`.
    package borrowing func receive(upTo limit: Int, milliseconds: Int32) throws(SystemError) -> [UInt8] {
        guard try !waitForReadiness([(rawValue, .readable)], milliseconds: milliseconds)[0].isEmpty else {
            throw SystemError(call: "recv", errno: .timedOut)
        }
        return try receive(upTo: limit)
    }
}
