import Addressing

/// A set of addresses of one family, as ranges which neither touch nor overlap, in order.
struct AddressRanges: Hashable, Sendable {
    let family: IPAddress.Family
    let ranges: [ClosedRange<IPAddress>]

    private init(_ family: IPAddress.Family, ordered ranges: [ClosedRange<IPAddress>]) {
        self.family = family
        self.ranges = ranges
    }

    /// All addresses in any of `ranges`, which must be of this family.
    init(_ family: IPAddress.Family, _ ranges: [ClosedRange<IPAddress>]) {
        var joined: [ClosedRange<IPAddress>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let last = joined.last,
                range.lowerBound <= last.upperBound.advanced(by: 1) ?? last.upperBound
            else {
                joined.append(range)
                continue
            }
            joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
        }
        self.init(family, ordered: joined)
    }

    /// Every address of the family.
    static func all(_ family: IPAddress.Family) -> AddressRanges {
        AddressRanges(family, ordered: []).complement
    }

    /// All addresses of the family which are not in this set.
    var complement: AddressRanges {
        let everything = family.everything
        var gaps: [ClosedRange<IPAddress>] = []
        var next: IPAddress? = everything.first
        for range in ranges {
            if let start = next, start < range.lowerBound, let end = range.lowerBound.advanced(by: -1) {
                gaps.append(start...end)
            }
            next = range.upperBound.advanced(by: 1)
        }
        if let next { gaps.append(next...everything.last) }
        return AddressRanges(family, ordered: gaps)
    }

    /// The addresses which are in both.
    func intersection(_ other: AddressRanges) -> AddressRanges {
        AddressRanges(family, complement.ranges + other.complement.ranges).complement
    }
}

extension IPAddress.Family {
    /// `0.0.0.0/0` or `::/0`.
    fileprivate var everything: IPPrefix {
        guard let first = IPAddress(family: self, value: 0), let all = IPPrefix(first, length: 0) else {
            fatalError("a family without addresses")
        }
        return all
    }
}
