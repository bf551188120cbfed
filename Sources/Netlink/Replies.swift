package import Kernel

/// What the kernel has answered so far to messages sent in one piece.
package struct Replies {
    private let requests: [String]
    private let first: UInt32
    private let ignored: Errno?
    private var isDone: [Bool]
    package private(set) var answers: [[NetlinkAnswer]]
    /// The first failure the kernel told.
    package private(set) var failure: NetlinkError?
    /// Something changed while the kernel listed it. C: `NLM_F_DUMP_INTR`.
    private(set) var wasInterrupted = false

    /// `first`: the number of the first message; `ignored`: an error number which counts as an empty answer.
    package init(_ messages: ArraySlice<NetlinkMessage>, first: UInt32, ignoring ignored: Errno? = nil) {
        requests = messages.map(\.request)
        self.first = first
        self.ignored = ignored
        isDone = requests.map { _ in false }
        answers = requests.map { _ in [] }
    }

    var areComplete: Bool { isDone.allSatisfy { $0 } }

    /// The first request which waits for its answer.
    var request: String { isDone.firstIndex(of: false).map { requests[$0] } ?? "" }

    /// Sorts a packet's messages to the requests they answer; those of others are dropped.
    package mutating func take(_ packet: ArraySlice<UInt8>) {
        var rest = packet
        while rest.count >= 16 {
            let size = Int(rest.number(as: UInt32.self))
            guard size >= 16, size <= rest.count else { return }
            let index = Int(rest.dropFirst(8).number(as: UInt32.self) &- first)
            if requests.indices.contains(index) { take(rest.prefix(size), for: index) }
            rest = rest.dropFirst((size + 3) & ~3)
        }
    }

    private mutating func take(_ message: ArraySlice<UInt8>, for index: Int) {
        let type = message.dropFirst(4).number(as: UInt16.self)
        let flags = message.dropFirst(6).number(as: UInt16.self)
        let body = message.dropFirst(16)
        if flags & 0x10 != 0 { wasInterrupted = true }
        switch type {
        case 2, 3:  // NLMSG_ERROR, NLMSG_DONE
            isDone[index] = true
            // The smallest of its numbers has no positive one.
            let status = max(body.number(as: Int32.self), -Int32.max)
            guard status < 0, failure == nil, -status != ignored?.rawValue else { return }
            let text = type == 2 ? explanation(body, flags) : ""
            failure = NetlinkError(request: requests[index], errno: Errno(rawValue: -status), text: text)
        default: answers[index].append(NetlinkAnswer(type: type, body: body))
        }
    }
}

/// The kernel's words in an error message: `NLMSGERR_ATTR_MSG` behind the request, which may be cut to its header.
package func explanation(_ body: ArraySlice<UInt8>, _ flags: UInt16) -> String {
    guard flags & 0x200 != 0 else { return "" }  // NLM_F_ACK_TLVS
    let isCut = flags & 0x100 != 0  // NLM_F_CAPPED
    let request = isCut ? 16 : (Int(body.dropFirst(4).number(as: UInt32.self)) + 3) & ~3
    return NetlinkAttributes(body.dropFirst(4 + request)).text(1) ?? ""
}
