internal import CLibNL

/// A request to rtnetlink(7), built piece by piece.
///
/// The messages are our own and not libnl-route's, which folds the kernel's error numbers into few of its own.
struct RouteMessage: ~Copyable {
    let pointer: OpaquePointer
    /// The `ip` command it stands for.
    let request: String

    /// Begins a message of `type` (`RTM_GETLINK` and so on) with the fixed `header` that belongs to the type.
    init(_ type: Int32, flags: Int32, header: [UInt8], request: String) throws(NetlinkError) {
        pointer = try newMessage(type, flags, header, request)
        self.request = request
    }

    deinit { nlmsg_free(pointer) }

    /// Adds an attribute.
    borrowing func put(_ attribute: UInt16, _ value: [UInt8]) throws(NetlinkError) {
        let message = pointer
        let status = value.withUnsafeBytes {
            nla_put(message, Int32(attribute), Int32($0.count), $0.baseAddress)
        }
        try check(request) { status }
    }

    /// Adds a text with its final zero.
    borrowing func put(_ attribute: UInt16, _ text: String) throws(NetlinkError) {
        try put(attribute, Array(text.utf8) + [0])
    }

    /// Adds a number in the machine's byte order.
    borrowing func put(_ attribute: UInt16, _ number: UInt32) throws(NetlinkError) {
        try put(attribute, bytes(number))
    }
}

private func newMessage(
    _ type: Int32, _ flags: Int32, _ header: [UInt8], _ request: String
) throws(NetlinkError) -> OpaquePointer {
    guard let made = nlmsg_alloc_simple(type, flags) else {
        throw NetlinkError(request: request, code: Int32(NLE_NOMEM))
    }
    let status = header.withUnsafeBytes { bytes in
        nlmsg_append(
            made, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, Int32(NLMSG_ALIGNTO))
    }
    if status < 0 {
        nlmsg_free(made)
        throw NetlinkError(request: request, code: -status)
    }
    return made
}

/// One message of an answer.
struct RouteAnswer {
    let type: UInt16
    /// The fixed header of the type, then attributes.
    let body: ArraySlice<UInt8>

    /// The values of all attributes behind a fixed header of `length` bytes.
    func attributes(after length: Int) -> [(type: UInt16, value: ArraySlice<UInt8>)] {
        var found: [(type: UInt16, value: ArraySlice<UInt8>)] = []
        var rest = body.dropFirst(length)
        while rest.count >= 4 {
            let size = Int(number16(rest))
            guard size >= 4, size <= rest.count else { break }
            found.append((number16(rest.dropFirst(2)) & 0x3fff, rest.dropFirst(4).prefix(size - 4)))
            rest = rest.dropFirst((size + 3) & ~3)
        }
        return found
    }
}

extension RouteSocket {
    /// Sends `message` and collects the answer up to the kernel's acknowledgement, or the end of a dump.
    ///
    /// - Throws: ``NetlinkError`` with the kernel's number.
    @discardableResult
    borrowing func exchange(_ message: borrowing RouteMessage) throws(NetlinkError) -> [RouteAnswer] {
        let (socket, request) = (pointer, message.pointer)
        try check(message.request) { nl_send_auto(socket, request) }
        var answers: [RouteAnswer] = []
        while true {
            let packet = try receive(message.request)[...]
            var rest = packet
            while rest.count >= 16 {
                let size = Int(number32(rest))
                guard size >= 16, size <= rest.count else { break }
                let answer = RouteAnswer(
                    type: number16(rest.dropFirst(4)), body: rest.prefix(size).dropFirst(16))
                switch Int32(answer.type) {
                case NLMSG_ERROR:
                    let status = Int32(bitPattern: number32(answer.body))
                    if status == 0 { return answers }
                    throw NetlinkError(request: message.request, errno: -status)
                case NLMSG_DONE: return answers
                default: answers.append(answer)
                }
                rest = rest.dropFirst((size + 3) & ~3)
            }
        }
    }

    private borrowing func receive(_ request: String) throws(NetlinkError) -> [UInt8] {
        var sender = sockaddr_nl()
        var buffer: UnsafeMutablePointer<UInt8>?
        let socket = pointer
        var count: Int32 = 0
        try check(request) {
            count = nl_recv(socket, &sender, &buffer, nil)
            return count
        }
        defer { buffer?.deallocate() }
        return [UInt8](UnsafeBufferPointer(start: buffer, count: Int(count)))
    }
}

func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }

func number16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    let first = bytes.startIndex
    return bytes.count < 2 ? 0 : UInt16(bytes[first]) | UInt16(bytes[first + 1]) << 8
}

func number32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    UInt32(number16(bytes)) | UInt32(number16(bytes.dropFirst(2))) << 16
}
