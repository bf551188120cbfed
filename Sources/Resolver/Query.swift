/// A question somebody asks, as it came. RFC 1035, section 4.1.
package struct Query: Hashable, Sendable {
    package let id: UInt16
    /// Opcode and the bits which an answer repeats: recursion desired and checking disabled.
    let flags: UInt16
    /// The whole message.
    package let bytes: [UInt8]
    /// Where the question ends and records begin.
    let questionEnd: Int
    /// In lower case.
    package let name: DomainName
    package let type: QuestionType
    let questionClass: UInt16
    /// How long an answer by UDP may be, in bytes. RFC 6891, section 6.2.3.
    package let payloadLimit: Int

    /// Reads a message.
    package init(_ bytes: [UInt8]) throws(Refusal) {
        let header: Header
        do throws(MalformedMessage) { header = try Header(bytes) } catch { throw .ignore }
        // An answer to an answer is how loops begin.
        if header.isResponse { throw .ignore }
        guard header.opcode == 0 else { throw .answer(.notImplemented) }
        guard header.counts[0] == 1 else { throw .answer(.formatError) }
        do throws(MalformedMessage) {
            var reader = MessageReader(bytes)
            try reader.skip(Header.size)
            name = try reader.name().folded
            type = QuestionType(rawValue: try reader.uint16())
            questionClass = try reader.uint16()
            questionEnd = reader.index
            payloadLimit = try Self.payloadLimit(&reader, records: header.counts.dropFirst().reduce(0, +))
        } catch { throw .answer(.formatError) }
        id = header.id
        flags = header.flags
        self.bytes = bytes
    }

    /// Why a message is no question that is answered.
    package enum Refusal: Error, Hashable, Sendable {
        /// Nobody waits for an answer, or nobody could read it.
        case ignore
        case answer(ResponseCode)
    }

    /// What the option record says, or what holds without one.
    private static func payloadLimit(
        _ reader: inout MessageReader, records: Int
    ) throws(MalformedMessage) -> Int {
        var limit = leastPayload
        for _ in 0..<records {
            _ = try reader.name()
            let type = QuestionType(rawValue: try reader.uint16())
            let size = try reader.uint16()
            try reader.skip(4)
            try reader.skip(Int(try reader.uint16()))
            if type == .option { limit = min(max(Int(size), leastPayload), greatestPayload) }
        }
        return limit
    }

    /// Bytes of an answer which every client takes. RFC 1035, section 2.3.4.
    private static let leastPayload = 512
    /// More than this is never sent by UDP.
    private static let greatestPayload = 4096

    var isInternet: Bool { questionClass == 1 || questionClass == 255 }
}

/// The first twelve bytes of a message. RFC 1035, section 4.1.1.
struct Header: Hashable {
    static let size = 12

    let id: UInt16
    let flags: UInt16
    /// Questions, answers, authorities, additional records.
    let counts: [Int]

    init(_ bytes: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(bytes)
        id = try reader.uint16()
        flags = try reader.uint16()
        var counts: [Int] = []
        for _ in 0..<4 { counts.append(Int(try reader.uint16())) }
        self.counts = counts
    }

    var isResponse: Bool { flags & 0x8000 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }
    var opcode: UInt16 { flags >> 11 & 0xF }
    var code: UInt8 { UInt8(flags & 0xF) }
}
