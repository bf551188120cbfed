package import Addressing

/// A stretch of addresses of one subnet which may be given out. host-local, `ranges`.
package struct AddressRange: Hashable, Sendable {
    package let subnet: IPPrefix
    package let first: IPAddress
    package let last: IPAddress
    /// Mostly of the subnet, but it need not be.
    package let gateway: IPAddress
    /// Numbers of addresses between `first` and `last` which are never given out: sorted, apart from each other.
    let excluded: [ClosedRange<UInt128>]

    /// A range with everything that is not given filled in: from the subnet's second address, which is also the
    /// gateway, to its last; for IPv4 to the last but one.
    ///
    /// - Throws: ``PoolError/configuration(_:)``.
    package init(
        subnet: IPPrefix, first: IPAddress? = nil, last: IPAddress? = nil, gateway: IPAddress? = nil,
        excluding: [ClosedRange<IPAddress>] = []
    ) throws(PoolError) {
        let bits = subnet.family.bitCount
        guard subnet.length <= bits - 2 else {
            throw .configuration("Network \(subnet) too small to allocate from")
        }
        guard subnet == subnet.network else {
            throw .configuration(
                "Network has host bits set. For a subnet mask of length \(subnet.length) the network address is "
                    + "\(subnet.first)")
        }
        let second = try neighbour(subnet.first, 1)
        self.subnet = subnet
        self.gateway = gateway ?? second
        self.first = first ?? second
        let end = subnet.family == .v4 ? try neighbour(subnet.last, -1) : subnet.last
        self.last = last ?? end
        excluded = merged(
            (excluding + [self.gateway...self.gateway]).filter { $0.lowerBound.family == subnet.family },
            within: self.first, self.last)
        for end in [self.first, self.last] {
            guard subnet.contains(end) else { throw .configuration("\(end) not in network \(subnet)") }
        }
        guard self.first <= self.last else {
            throw .configuration("\(self.last) is in network \(subnet) but before start \(self.first)")
        }
    }

    /// Whether `address` is in the range; the gateway and what is excluded are in it too.
    func contains(_ address: IPAddress) -> Bool {
        address.family == subnet.family && first <= address && address <= last
    }

    /// Whether an address is in both ranges.
    func overlaps(_ other: AddressRange) -> Bool {
        subnet.family == other.subnet.family && first <= other.last && other.first <= last
    }

    /// The last number of the excluded stretch `number` is in; `nil` when it is in none.
    func endOfExclusion(around number: UInt128) -> UInt128? {
        var (low, high) = (0, excluded.count)
        while low < high {
            let middle = (low + high) / 2
            if excluded[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < excluded.count && excluded[low].contains(number) ? excluded[low].upperBound : nil
    }
}

extension AddressRange: CustomStringConvertible {
    /// `10.1.0.1-10.1.0.254`.
    package var description: String { "\(first)-\(last)" }
}

private func neighbour(_ address: IPAddress, _ distance: Int128) throws(PoolError) -> IPAddress {
    guard let next = address.advanced(by: distance) else {
        throw .configuration("there is no address beside \(address)")
    }
    return next
}

/// The stretches as numbers, sorted, joined where they touch, cut to what lies between `first` and `last`.
private func merged(
    _ stretches: [ClosedRange<IPAddress>], within first: IPAddress, _ last: IPAddress
) -> [ClosedRange<UInt128>] {
    guard first <= last else { return [] }
    var joined: [ClosedRange<UInt128>] = []
    for stretch in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
        let low = max(stretch.lowerBound.value, first.value)
        let high = min(stretch.upperBound.value, last.value)
        guard low <= high else { continue }
        if let before = joined.last, low <= before.upperBound || low - before.upperBound == 1 {
            joined[joined.count - 1] = before.lowerBound...max(before.upperBound, high)
        } else {
            joined.append(low...high)
        }
    }
    return joined
}
