extension Query {
    /// The question as it goes to an upstream server: the same, under another number.
    package func message(id: UInt16) -> [UInt8] { bigEndian(id) + bytes.dropFirst(2) }

    /// What a server's message is to this question, which went out with the number `id`.
    package func verdict(on reply: [UInt8], id: UInt16) -> Verdict {
        guard let header = try? Header(reply), header.isResponse, header.id == id else { return .stranger }
        // Of a server that could not even read the question nothing more is expected.
        if header.counts[0] == 0, header.code != 0 { return .failed }
        var reader = MessageReader(reply)
        guard header.counts[0] == 1, (try? reader.skip(Header.size)) != nil,
            let name = try? reader.name().folded, name == self.name,
            let type = try? reader.uint16(), type == self.type.rawValue,
            let questionClass = try? reader.uint16(), questionClass == self.questionClass
        else { return .stranger }
        let isUseless = [ResponseCode.serverFailure, .refused, .notImplemented].contains {
            $0.rawValue == header.code
        }
        return isUseless ? .failed : .answer(bigEndian(self.id) + reply.dropFirst(2))
    }

    /// What a message from a server's address is.
    package enum Verdict: Hashable, Sendable {
        /// The answer, under the asker's number.
        case answer([UInt8])
        /// The server cannot answer: another may.
        case failed
        /// Not an answer to this question.
        case stranger
    }
}

extension Query {
    /// The bytes of a question about `name`; empty when it is no name.
    package static func question(_ name: String, _ type: QuestionType, id: UInt16) -> [UInt8] {
        guard let name = DomainName(name) else { return [] }
        // Recursion desired, one question.
        return bigEndian(id) + bigEndian(0x0100) + bigEndian(1) + [0, 0, 0, 0, 0, 0] + name.wire + [0]
            + bigEndian(type.rawValue) + bigEndian(1)
    }
}

/// The servers of a resolv.conf(5), without those nobody should be sent back to.
package func upstreams(ofResolverFile text: String) -> [Upstream] {
    var found: [Upstream] = []
    for line in text.split(separator: "\n") {
        let words = line.split { $0 == " " || $0 == "\t" }
        guard words.count > 1, words[0] == "nameserver", let server = Upstream(String(words[1])) else {
            continue
        }
        found.append(server)
    }
    return Array(found.prefix(3))
}
