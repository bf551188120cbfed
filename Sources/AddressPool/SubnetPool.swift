package import Addressing

/// Subnets a network may get one of. Docker's `default-address-pools`.
package struct SubnetPool: Hashable, Sendable {
    /// All the subnets together.
    package let base: IPPrefix
    /// The length of each subnet's prefix.
    package let size: Int

    /// - Throws: ``PoolError/configuration(_:)``.
    package init(base: IPPrefix, size: Int) throws(PoolError) {
        guard base == base.network else {
            throw .configuration("base \(base) has host bits set; the network address is \(base.first)")
        }
        guard base.length...(base.family.bitCount - 2) ~= size else {
            throw .configuration(
                "size \(size) is not between the base's own \(base.length) and \(base.family.bitCount - 2)")
        }
        self.base = base
        self.size = size
    }

    /// The pool's first subnet which overlaps none of `taken`.
    ///
    /// Each step leaves one of them behind, so the work grows with their number and not with the pool's.
    package func firstFree(avoiding taken: [IPPrefix]) -> IPPrefix? {
        let taken = taken.filter(base.overlaps)
        var start = base.first
        while let subnet = IPPrefix(start, length: size), base.contains(subnet.address) {
            guard let obstacle = taken.first(where: subnet.overlaps) else { return subnet }
            let end = IPPrefix(obstacle.length < size ? obstacle.last : subnet.last, length: size)
            guard let next = end?.last.advanced(by: 1) else { return nil }
            start = next
        }
        return nil
    }
}

extension SubnetPool {
    /// The routes a subnet must not overlap, out of all of the host's.
    ///
    /// Not those of fewer than four bits: `0.0.0.0/0`, the halves of it a VPN sets (`0.0.0.0/1`, `128.0.0.0/1`)
    /// and `2000::/3` lead to the rest of the world, and would leave nothing free.
    package static func obstacles(among routes: [IPPrefix]) -> [IPPrefix] {
        routes.filter { $0.length >= 4 }
    }
}
