/// What a question of the DNS asks for. RFC 1035, section 3.2.2; RFC 3596; RFC 2782.
package struct QuestionType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// An IPv4 address.
    package static let a = QuestionType(rawValue: 1)
    /// The name of an address.
    package static let pointer = QuestionType(rawValue: 12)
    package static let mail = QuestionType(rawValue: 15)
    package static let text = QuestionType(rawValue: 16)
    /// An IPv6 address.
    package static let aaaa = QuestionType(rawValue: 28)
    /// Where a service is.
    package static let service = QuestionType(rawValue: 33)
    /// Not a record, but what a message says of itself. RFC 6891.
    static let option = QuestionType(rawValue: 41)
    /// The whole of a zone, or what changed of it. RFC 1995, RFC 5936.
    static let transfers: Set<QuestionType> = [QuestionType(rawValue: 251), QuestionType(rawValue: 252)]
    package static let any = QuestionType(rawValue: 255)
}

/// How a question was answered. RFC 1035, section 4.1.1.
package enum ResponseCode: UInt8, Hashable, Sendable {
    case noError = 0
    case formatError = 1
    case serverFailure = 2
    case nameError = 3
    case notImplemented = 4
    case refused = 5
}
