import Addressing
import CNISpec

/// Who a mapping is for: clients from some addresses, on some addresses of the host. Keys `conditionsV4`, `conditionsV6`.
///
/// The words are those of iptables(8) or nft(8) for source and destination addresses: what a set can hold.
struct Condition: Hashable, Sendable {
    private(set) var clients: AddressRanges
    private(set) var hostAddresses: AddressRanges

    /// Reads the words; none of them means everybody.
    ///
    /// - Throws: ``CNIError`` with code 2 for a match which is not about addresses, 7 for what is no address.
    init(_ texts: [String], _ family: IPAddress.Family, key: String) throws(CNIError) {
        clients = .all(family)
        hostAddresses = .all(family)
        var words = Words(texts, family, key: key)
        while let match = try words.next() {
            let ranges = match.isNegated ? match.ranges.complement : match.ranges
            switch match.side {
            case .client: clients = clients.intersection(ranges)
            case .host: hostAddresses = hostAddresses.intersection(ranges)
            }
        }
    }

    /// Pairs of clients and addresses of the host which the mapping is not for; no two of them overlap.
    ///
    /// `within`: the addresses of the host the mapping is on.
    func exclusions(
        within places: AddressRanges
    ) -> [(clients: ClosedRange<IPAddress>, hostAddresses: ClosedRange<IPAddress>)] {
        let closed = hostAddresses.complement.intersection(places)
        return pairs(clients.complement, places) + pairs(clients, closed)
    }

    private func pairs(
        _ clients: AddressRanges, _ places: AddressRanges
    ) -> [(clients: ClosedRange<IPAddress>, hostAddresses: ClosedRange<IPAddress>)] {
        clients.ranges.flatMap { client in places.ranges.map { (client, $0) } }
    }
}

/// One match of a condition.
private struct Match {
    enum Side {
        case client
        case host
    }

    let side: Side
    let isNegated: Bool
    let ranges: AddressRanges
}

/// Words of iptables or nft, taken from the front.
private struct Words {
    private let family: IPAddress.Family
    private let key: String
    private var rest: ArraySlice<Substring>

    init(_ texts: [String], _ family: IPAddress.Family, key: String) {
        self.family = family
        self.key = key
        rest = texts.flatMap { $0.split(separator: " ") }[...]
    }

    mutating func next() throws(CNIError) -> Match? {
        // A module iptables has to load for what follows.
        if rest.starts(with: ["-m", "iprange"]) { rest = rest.dropFirst(2) }
        guard let word = rest.first else { return nil }
        if word == "ip" || word == "ip6" { return try nftMatch() }
        let isNegated = word == "!"
        if isNegated { rest = rest.dropFirst() }
        guard let option = rest.popFirst() else { throw refusal(of: word) }
        let side: Match.Side
        switch option {
        case "-s", "--source", "--src", "--src-range": side = .client
        case "-d", "--destination", "--dst", "--dst-range": side = .host
        default: throw refusal(of: option)
        }
        let value = rest.popFirst() ?? ""
        return Match(
            side: side, isNegated: isNegated, ranges: try ranges(value.split(separator: ","), of: value))
    }

    /// `ip saddr != 10.0.0.0/8`, `ip6 daddr { fd00::1, fd00::2 }`.
    private mutating func nftMatch() throws(CNIError) -> Match {
        let start = rest
        let side: Match.Side
        switch rest.dropFirst().first {
        case "saddr": side = .client
        case "daddr": side = .host
        default: throw refusal(of: start.prefix(2).joined(separator: " "))
        }
        guard (rest.first == "ip") == (family == .v4) else {
            throw refusal(of: start.prefix(2).joined(separator: " "))
        }
        rest = rest.dropFirst(2)
        let isNegated = rest.first == "!="
        if isNegated || rest.first == "==" { rest = rest.dropFirst() }
        var value = String(rest.popFirst() ?? "")
        if value.hasPrefix("{") {
            while !value.hasSuffix("}"), let more = rest.popFirst() { value += more }
        }
        let list = value.hasSuffix("}") ? value.drop { $0 == "{" }.dropLast() : value[...]
        return Match(
            side: side, isNegated: isNegated, ranges: try ranges(list.split(separator: ","), of: value[...]))
    }

    /// Addresses, networks and ranges.
    private func ranges(_ texts: [Substring], of value: Substring) throws(CNIError) -> AddressRanges {
        let found = texts.compactMap { range($0) }
        guard !texts.isEmpty, found.count == texts.count else {
            throw CNIError(
                .invalidConfiguration,
                "\(key): \"\(value)\" is no IPv\(family.rawValue) address, network or range")
        }
        return AddressRanges(family, found)
    }

    private func range(_ text: Substring) -> ClosedRange<IPAddress>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
            IPAddress($0)
        }
        let range: ClosedRange<IPAddress>
        if let prefix = IPPrefix(text) {
            range = prefix.first...prefix.last
        } else if let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last {
            range = first...last
        } else {
            return nil
        }
        return range.lowerBound.family == family && range.upperBound.family == family ? range : nil
    }

    private func refusal(of word: some StringProtocol) -> CNIError {
        CNIError(
            .unsupportedField, "\(key): \"\(word)\" cannot be a condition",
            details:
                "allowed: [!] -s ADDRESSES, [!] -d ADDRESSES, --src-range, --dst-range, and in the words of nft "
                + "\(family == .v4 ? "ip" : "ip6") saddr|daddr [!=] ADDRESSES; other matches belong in a table of your own"
        )
    }
}
