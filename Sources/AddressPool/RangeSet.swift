package import Addressing

/// Ranges of one family of which an interface gets one address. host-local, an element of `ranges`.
package struct RangeSet: Hashable, Sendable {
    package let ranges: [AddressRange]

    /// - Throws: ``PoolError/configuration(_:)`` when there is no range, or they mix families or overlap.
    package init(_ ranges: [AddressRange]) throws(PoolError) {
        guard let first = ranges.first else { throw .configuration("empty range set") }
        guard ranges.allSatisfy({ $0.subnet.family == first.subnet.family }) else {
            throw .configuration("mixed address families")
        }
        for (index, range) in ranges.enumerated() {
            for other in ranges[(index + 1)...] where range.overlaps(other) {
                throw .configuration("subnets \(range) and \(other) overlap")
            }
        }
        self.ranges = ranges
    }

    package var family: IPAddress.Family { ranges[0].subnet.family }

    /// The range `address` is in.
    package func range(of address: IPAddress) -> AddressRange? { ranges.first { $0.contains(address) } }

    /// Whether an address is in both sets.
    package func overlaps(_ other: RangeSet) -> Bool {
        ranges.contains { range in other.ranges.contains { range.overlaps($0) } }
    }

    /// The order in which the set's addresses are tried.
    package enum Order: String, CaseIterable, Sendable {
        /// From the one after the address given out last to the end, then from the start: host-local's order. An
        /// address is used again as late as possible.
        case sequential
        /// The lowest free address: Docker's order.
        case lowest
    }

    /// All of the set in the order in which free addresses are looked for.
    func stretches(_ order: Order, after last: IPAddress?) -> [Stretch] {
        guard order == .sequential, let last, let start = ranges.firstIndex(where: { $0.contains(last) })
        else { return ranges.map { Stretch(range: $0, first: $0.first.value, last: $0.last.value) } }
        let range = ranges[start]
        var found: [Stretch] = []
        if last < range.last {
            found.append(Stretch(range: range, first: last.value + 1, last: range.last.value))
        }
        for other in ranges[(start + 1)...] + ranges[..<start] {
            found.append(Stretch(range: other, first: other.first.value, last: other.last.value))
        }
        found.append(Stretch(range: range, first: range.first.value, last: last.value))
        return found
    }
}

/// A part of a range, by the numbers of its first and last address.
struct Stretch: Hashable, Sendable {
    let range: AddressRange
    let first: UInt128
    let last: UInt128
}

extension RangeSet: CustomStringConvertible {
    /// `10.1.0.1-10.1.0.254,10.2.0.1-10.2.0.254`.
    package var description: String { ranges.map(\.description).joined(separator: ",") }
}
