/// What a question of the DNS asks for. RFC 1035, section 3.2.2; RFC 3596; RFC 2782.
package enum QuestionType: UInt16, Sendable {
    case a = 1
    case pointer = 12
    case mail = 15
    case text = 16
    case aaaa = 28
    case service = 33
    case any = 255
}
