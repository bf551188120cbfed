internal import Addressing

/// What becomes of a question.
package enum Decision: Hashable, Sendable {
    /// This is the answer.
    case answer([UInt8])
    /// The name is not ours: the upstream servers are asked.
    case forward(Query)
    /// Nothing is answered.
    case ignore
}

extension NameDirectory {
    /// What becomes of the message `bytes` of `asker`.
    ///
    /// `limit`: bytes an answer may have; `nil`: as many as the question lets come by UDP.
    package func decide(_ bytes: [UInt8], of asker: Asker, limit: Int? = nil) -> Decision {
        var generator = SystemRandomNumberGenerator()
        return decide(bytes, of: asker, limit: limit, using: &generator)
    }

    /// The same; `generator` decides in which order addresses come.
    package func decide(
        _ bytes: [UInt8], of asker: Asker, limit: Int? = nil,
        using generator: inout some RandomNumberGenerator
    ) -> Decision {
        let query: Query
        do throws(Query.Refusal) { query = try Query(bytes) } catch {
            let response = Query.response(toMalformed: bytes, error)
            return response.isEmpty ? .ignore : .answer(response)
        }
        if QuestionType.transfers.contains(query.type) { return .answer(query.response(.refused)) }
        if query.isInternet,
            let own = answer(query, asker, limit ?? query.payloadLimit, &generator)
        {
            return .answer(own)
        }
        return elsewhere(query, asker)
    }

    /// The answer to a question about a name of ours.
    private func answer(
        _ query: Query, _ asker: Asker, _ limit: Int, _ generator: inout some RandomNumberGenerator
    ) -> [UInt8]? {
        var response = Response(to: query, .noError, limit: limit)
        switch query.type {
        case .a, .aaaa:
            let family: IPAddress.Family = query.type == .a ? .v4 : .v6
            let found = addresses(of: query.name, for: asker) { $0.family == family }
            guard var found else { return nil }
            if found.count > 1 { found.shuffle(using: &generator) }
            for address in found { response.answer(query.type, address.octets) }
        case .any:
            guard let found = addresses(of: query.name, for: asker) else { return nil }
            for address in found { response.answer(address.recordType, address.octets) }
        case .pointer:
            if let name = pointer(query.name, for: asker) {
                response.answer(.pointer, name.wire + [0])
            } else if addresses(of: query.name, for: asker) == nil {
                return nil
            }
        case .service: return serviceAnswer(query, asker, response)
        default:
            // A name of ours has nothing else, and nobody else is told that it was asked for.
            guard addresses(of: query.name, for: asker) != nil else { return nil }
        }
        return response.message
    }

    /// `_80._tcp.web` is where the number says; a name of ours offers nothing else.
    private func serviceAnswer(_ query: Query, _ asker: Asker, _ empty: Response) -> [UInt8]? {
        let labels = query.name.labels
        let isService = labels.count > 2 && labels[0].first == mark && labels[1].first == mark
        let host = isService ? query.name.dropping(2) : query.name
        guard let found = addresses(of: host, for: asker) else { return nil }
        var response = empty
        if isService, let port = UInt16(String(decoding: labels[0].dropFirst(), as: UTF8.self)), port != 0 {
            // Priority and weight are 0: there is one target.
            response.answer(.service, bigEndian(0) + bigEndian(0) + bigEndian(port) + host.wire + [0])
            for address in found { response.add(host, address.recordType, address.octets) }
        }
        return response.message
    }

    /// What becomes of a question about a name that is not ours.
    private func elsewhere(_ query: Query, _ asker: Asker) -> Decision {
        let asksForAddress = query.type == .a || query.type == .aaaa
        if asksForAddress, asker.hasDotLimit, query.name.hasOneLabel {
            return .answer(query.response(.noError))
        }
        return asker.isInternal ? .answer(query.response(.serverFailure)) : .forward(query)
    }
}

private let mark = UInt8(ascii: "_")

extension IPAddress {
    fileprivate var recordType: QuestionType { family == .v4 ? .a : .aaaa }
}
