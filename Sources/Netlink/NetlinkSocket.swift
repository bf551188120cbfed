internal import CLibNL
package import Kernel

/// A netlink socket, bound to the network namespace it was opened in. netlink(7).
package struct NetlinkSocket: ~Copyable {
    private let pointer: OpaquePointer
    private let port: UInt32

    /// Opens and connects a socket of `family`, for example 0 for `NETLINK_ROUTE`.
    package init(family: Int32) throws(NetlinkError) {
        pointer = try connectedSocket(family)
        port = nl_socket_get_local_port(pointer)
    }

    deinit { nl_socket_free(pointer) }

    /// The number of the next message.
    private borrowing func nextNumber() -> UInt32 { nl_socket_use_seq(pointer) }

    /// Sends messages in one piece, each with its number; answers the first number.
    package borrowing func send(_ messages: ArraySlice<NetlinkMessage>) throws(NetlinkError) -> UInt32 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(messages.reduce(0) { $0 + $1.bytes.count })
        var first: UInt32?
        for var message in messages {
            if message.isTooLong {
                throw NetlinkError(
                    request: message.request, errno: .messageTooLong, text: "an attribute exceeds 64 KiB")
            }
            let number = nextNumber()
            first = first ?? number
            message.stamp(sequence: number, port: port)
            bytes += message.bytes
        }
        makeRoom(for: bytes.count)
        try send(bytes, request: messages.first?.request ?? "send")
        return first ?? 0
    }

    /// Sends `bytes` as they are.
    private borrowing func send(_ bytes: [UInt8], request: String) throws(NetlinkError) {
        let socket = pointer
        let status = bytes.withUnsafeBytes { buffer in
            nl_sendto(socket, UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
        }
        _ = try check(request) { status }
    }

    /// Whether a packet of the kernel's is there already.
    package borrowing func isAnswered(_ request: String) throws(NetlinkError) -> Bool {
        do throws(SystemError) {
            let number = nl_socket_get_fd(pointer)
            return try !waitForReadiness([(number, .readable)], milliseconds: 0)[0].isEmpty
        } catch { throw NetlinkError(request: request, errno: error.errno) }
    }

    /// Makes room for one send of `count` bytes, beyond what the host allows everybody.
    ///
    /// Best effort: the send tells when it was not enough.
    private borrowing func makeRoom(for count: Int) {
        guard count > 32768 else { return }  // what libnl asks for
        var size = Int32(clamping: count)
        let length = socklen_t(MemoryLayout<Int32>.size)
        _ = setsockopt(nl_socket_get_fd(pointer), SOL_SOCKET, SO_SNDBUFFORCE, &size, length)
    }

    /// Waits for a packet of the kernel's.
    package borrowing func receive(_ request: String) throws(NetlinkError) -> ArraySlice<UInt8> {
        var sender = sockaddr_nl()
        var buffer: UnsafeMutablePointer<UInt8>?
        let socket = pointer
        let count = try check(request) { nl_recv(socket, &sender, &buffer, nil) }
        defer { buffer?.deallocate() }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(count)))[...]
    }
}

private func connectedSocket(_ family: Int32) throws(NetlinkError) -> OpaquePointer {
    guard let socket = nl_socket_alloc() else {
        throw NetlinkError(request: "socket", code: Int32(NLE_NOMEM))
    }
    do throws(NetlinkError) {
        // One receive for each packet: the buffer is as large as the kernel ever fills.
        nl_socket_disable_msg_peek(socket)
        _ = try check("socket") { nl_socket_set_msg_buf_size(socket, 32768) }
        _ = try check("connect") { nl_connect(socket, family) }
        for option in Option.allCases { setOption(option, of: nl_socket_get_fd(socket)) }
        return socket
    } catch {
        nl_socket_free(socket)
        throw error
    }
}

/// Options of netlink(7).
private enum Option: Int32, CaseIterable {
    /// An acknowledgement does not repeat the request. C: `NETLINK_CAP_ACK`.
    case shortAcknowledgement = 10
    /// Errors carry the kernel's explanation. C: `NETLINK_EXT_ACK`.
    case explanation = 11
    /// A dump heeds the filter in its header. C: `NETLINK_GET_STRICT_CHK`.
    case filter = 12
}

/// Best effort: an older kernel explains less, and filters nothing.
private func setOption(_ option: Option, of descriptor: Int32) {
    var on: Int32 = 1
    _ = setsockopt(descriptor, 270, option.rawValue, &on, socklen_t(4))  // 270 is SOL_NETLINK
}

extension NetlinkSocket {
    /// Messages which go out in one send: their acknowledgements must fit into the socket's buffer.
    private var mostAtOnce: Int { 32 }

    /// Sends `messages` and collects the answers to each.
    ///
    /// The kernel carries out all of them, also behind one that fails. `ignored`: an error number which counts as
    /// an empty answer.
    /// - Throws: ``NetlinkError`` of the first which failed.
    package borrowing func exchange(
        _ messages: [NetlinkMessage], ignoring ignored: Errno? = nil
    ) throws(NetlinkError) -> [[NetlinkAnswer]] {
        var answers: [[NetlinkAnswer]] = []
        var failure: NetlinkError?
        for start in stride(from: 0, to: messages.count, by: mostAtOnce) {
            let part = messages[start..<min(start + mostAtOnce, messages.count)]
            var replies = Replies(part, first: try send(part), ignoring: ignored)
            while !replies.areComplete { replies.take(try receive(replies.request)) }
            answers += replies.answers
            failure = failure ?? replies.failure
        }
        if let failure { throw failure }
        return answers
    }

    /// Sends `message` and collects the answer up to the kernel's acknowledgement, or the end of a dump.
    ///
    /// A dump during which something changed is asked again, a few times at most: on a busy host it might
    /// never be quiet.
    @discardableResult
    package borrowing func exchange(_ message: NetlinkMessage) throws(NetlinkError) -> [NetlinkAnswer] {
        for attempt in 0..<8 {
            var replies = Replies([message], first: try send([message]))
            while !replies.areComplete { replies.take(try receive(replies.request)) }
            if let failure = replies.failure { throw failure }
            if !replies.wasInterrupted || attempt == 7 { return replies.answers[0] }
        }
        return []
    }
}
