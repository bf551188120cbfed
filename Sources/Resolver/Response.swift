internal import Addressing

/// An answer that is being written. RFC 1035, section 4.1.
struct Response {
    private var bytes: [UInt8]
    private let limit: Int
    private var counts: [UInt16]
    private var isTruncated = false

    /// Seconds others may keep an answer of ours, as Docker's resolver says.
    static let lifetime: UInt32 = 600

    /// The answer to `query`, with its question. `limit`: bytes it may have.
    init(to query: Query, _ code: ResponseCode, limit: Int) {
        bytes =
            Self.header(id: query.id, flags: query.flags, code) + query.bytes[Header.size..<query.questionEnd]
        counts = [1, 0, 0, 0]
        self.limit = limit
    }

    /// Adds a record of the name that was asked for, unless it does not fit: then the answer says that it is cut short.
    mutating func answer(_ type: QuestionType, _ data: [UInt8]) {
        // A pointer to the question: the name comes back in the letters it was asked in.
        append([0xC0, 0x0C], type, data, section: 1)
    }

    /// Adds a record of another name behind the answers.
    mutating func add(_ name: DomainName, _ type: QuestionType, _ data: [UInt8]) {
        append(name.wire + [0], type, data, section: 3)
    }

    private mutating func append(_ name: [UInt8], _ type: QuestionType, _ data: [UInt8], section: Int) {
        guard bytes.count + name.count + 10 + data.count <= limit else {
            // What is only added may be missing.
            if section == 1 { isTruncated = true }
            return
        }
        bytes += name
        bytes += bigEndian(type.rawValue) + bigEndian(1)
        bytes += bigEndian(UInt16(Self.lifetime >> 16)) + bigEndian(UInt16(Self.lifetime & 0xFFFF))
        bytes += bigEndian(UInt16(data.count)) + data
        counts[section] += 1
    }

    /// The message.
    var message: [UInt8] {
        var message = bytes
        if isTruncated { message[2] |= 0x02 }
        for (index, count) in counts.enumerated() {
            message.replaceSubrange(4 + index * 2..<6 + index * 2, with: bigEndian(count))
        }
        return message
    }

    /// A header without anything: an answer, recursion available, opcode and wishes as in the question.
    fileprivate static func header(id: UInt16, flags: UInt16, _ code: ResponseCode) -> [UInt8] {
        let repeated = flags & 0x7910  // opcode, recursion desired, checking disabled
        return bigEndian(id) + bigEndian(0x8080 | repeated | UInt16(code.rawValue))
            + [UInt8](repeating: 0, count: 8)
    }
}

extension Query {
    /// The answer without any record.
    package func response(_ code: ResponseCode) -> [UInt8] {
        Response(to: self, code, limit: bytes.count).message
    }

    /// The answer to a message that is no question: a header alone. Empty when nobody should get one.
    package static func response(toMalformed bytes: [UInt8], _ refusal: Refusal) -> [UInt8] {
        guard case .answer(let code) = refusal, let header = try? Header(bytes) else { return [] }
        return Response.header(id: header.id, flags: header.flags, code)
    }
}

func bigEndian(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
