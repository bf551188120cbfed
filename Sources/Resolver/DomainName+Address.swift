internal import Addressing

extension DomainName {
    /// The name by which an address is asked for. RFC 1035, section 3.5; RFC 3596, section 2.5.
    init(reverse address: IPAddress) {
        let octets = address.octets.reversed()
        switch address.family {
        case .v4:
            self.init(
                wire: octets.flatMap { Self.label(String($0)) } + Self.label("in-addr") + Self.label("arpa"))
        case .v6:
            let digits = octets.flatMap { [$0 & 0xF, $0 >> 4] }
            self.init(
                wire: digits.flatMap { Self.label(String($0, radix: 16)) } + Self.label("ip6")
                    + Self.label("arpa"))
        }
    }

    private static func label(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + text.utf8 }
}
