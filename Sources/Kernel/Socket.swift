internal import CKernel

/// Two ends of a connection that keeps messages apart. unix(7), `SOCK_SEQPACKET`.
public struct PacketPair: ~Copyable {
    public let first: FileDescriptor
    public let second: FileDescriptor

    /// Opens both ends, close-on-exec.
    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        _ = try check("socketpair") { ck_packet_pair(&ends) }
        first = FileDescriptor(owning: ends[0])
        second = FileDescriptor(owning: ends[1])
    }

    /// Keeps the first end and closes the second.
    public consuming func keepFirst() -> FileDescriptor { first }

    /// Keeps the second end and closes the first.
    public consuming func keepSecond() -> FileDescriptor { second }
}

/// Both ends of a new ``PacketPair``, for two owners. unix(7).
public func openPacketPair(
    _ first: inout FileDescriptor?, _ second: inout FileDescriptor?
) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    _ = try check("socketpair") { ck_packet_pair(&ends) }
    first = FileDescriptor(owning: ends[0])
    second = FileDescriptor(owning: ends[1])
}

/// Connects to the stream socket at `path`. connect(2).
///
/// - Throws: ``SystemError``; `ENAMETOOLONG` for a path over 107 bytes.
public func connectSocket(_ path: String) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try check("connect", path) { ck_connect_unix(path) })
}

/// Connects to the datagram socket at `path`, or with `@` in front to the one of that name. connect(2), unix(7).
public func connectDatagramSocket(_ path: String) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try check("connect", path) { ck_connect_unix_datagram(path) })
}

/// Connects to the socket at `path` which keeps messages apart, in a directory of any depth. connect(2), `SOCK_SEQPACKET`.
package func connectPacketSocket(_ name: String, in directory: String) throws(SystemError) -> FileDescriptor {
    // An address of unix(7) has 107 bytes; a path may be longer.
    let home = try FileDescriptor.open(directory, [.directory, .reference])
    let short = "/proc/self/fd/\(home.rawValue)/\(name)"
    return FileDescriptor(
        owning: try check("connect", "\(directory)/\(name)") { ck_connect_unix_packet(short) })
}

/// Makes a datagram socket at `path`. bind(2).
public func bindDatagramSocket(_ path: String) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try check("bind", path) { ck_bind_unix_datagram(path) })
}

/// Makes a stream socket at `path` which takes callers. listen(2).
package func listenSocket(_ path: String) throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try check("listen", path) { ck_listen_unix(path, 8) })
}

extension FileDescriptor {
    /// The next caller of a socket that listens. accept(2).
    package borrowing func acceptCaller() throws(SystemError) -> FileDescriptor {
        let number = rawValue
        return FileDescriptor(owning: try check("accept") { ck_accept(number) })
    }

    /// Sends `bytes` as one message. send(2) with `MSG_NOSIGNAL`.
    public borrowing func send(_ bytes: [UInt8]) throws(SystemError) {
        let number = rawValue
        _ = try check("send") { ck_send(number, bytes, bytes.count) }
    }

    /// Tells the other side that nothing more will come. shutdown(2), `SHUT_WR`.
    package borrowing func shutdownWriting() throws(SystemError) {
        let number = rawValue
        _ = try check("shutdown") { ck_shutdown_writing(number) }
    }

    /// One message of at most `limit` bytes; an empty one when the other side has closed. recv(2).
    public borrowing func receive(upTo limit: Int) throws(SystemError) -> [UInt8] {
        let number = rawValue
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try check("recv") { ck_receive(number, &bytes, limit) }
        bytes.removeLast(limit - count)
        return bytes
    }

    /// Sends `bytes` with open descriptors. sendmsg(2), `SCM_RIGHTS`.
    ///
    /// `descriptors`: 1 to 16 numbers; they stay open here.
    public borrowing func send(_ bytes: [UInt8], descriptors: [Int32]) throws(SystemError) {
        let number = rawValue
        _ = try check("sendmsg") {
            ck_send_descriptors(number, bytes, bytes.count, descriptors, UInt32(descriptors.count))
        }
    }

    /// Receives one message and the first descriptor that came with it. recvmsg(2).
    public borrowing func receiveDescriptor(
        upTo limit: Int
    ) throws(SystemError) -> (bytes: [UInt8], descriptor: Int32?) {
        let number = rawValue
        var bytes = [UInt8](repeating: 0, count: limit)
        var descriptor: Int32 = -1
        var count: UInt32 = 1
        let received = try check("recvmsg") {
            ck_receive_descriptors(number, &bytes, limit, &descriptor, &count)
        }
        bytes.removeLast(limit - received)
        return (bytes, count == 1 ? descriptor : nil)
    }
}
