internal import AddressPool
package import Addressing
internal import Kernel

/// Which subnet a network gets when nobody says one: Docker's pools, in order.
package struct SubnetChoice: Sendable {
    /// What the host's routes and other networks have.
    package var taken: [IPPrefix]

    package init(taken: [IPPrefix]) { self.taken = taken }

    /// The first subnet of the pools which overlaps nothing: 172.17.0.0/16 to 172.31.0.0/16, then 192.168.0.0/20 and further on.
    package func first4() throws(EngineError) -> IPPrefix {
        let obstacles = SubnetPool.obstacles(among: taken)
        for (base, size) in Self.pools {
            guard let prefix = IPPrefix(base), let pool = try? SubnetPool(base: prefix, size: size),
                let free = pool.firstFree(avoiding: obstacles)
            else { continue }
            return free
        }
        throw EngineError(
            "all predefined address pools have been fully subnetted: --subnet chooses one of your own",
            .conflict)
    }

    /// A subnet nobody else has: 40 bits of it are chance. RFC 4193, section 3.2.1
    package static func unique6() -> IPPrefix {
        let octets =
            [0xFD] + (0..<5).map { _ in UInt8.random(in: 0...255) } + [UInt8](repeating: 0, count: 10)
        guard let address = IPAddress(octets: octets), let prefix = IPPrefix(address, length: 64) else {
            fatalError("sixteen octets are an IPv6 address")
        }
        return prefix
    }

    private static let pools = [
        ("172.17.0.0/16", 16), ("172.18.0.0/15", 16), ("172.20.0.0/14", 16), ("172.24.0.0/13", 16),
        ("192.168.0.0/16", 20),
    ]
}

extension SubnetChoice {
    /// The destinations of the host's IPv4 routes, but for those on `devices`. proc(5), `/proc/net/route`
    package static func hostRoutes(exceptOn devices: Set<String>) -> [IPPrefix] {
        guard let text = try? readText("/proc/self/net/route") else { return [] }
        return routes(text, exceptOn: devices)
    }

    /// Reads the kernel's table: the fields 2 and 8 of a line are destination and mask, octets in reverse.
    static func routes(_ text: String, exceptOn devices: Set<String>) -> [IPPrefix] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            guard fields.count > 7, !devices.contains(String(fields[0])),
                let address = UInt32(fields[1], radix: 16)?.byteSwapped,
                let mask = UInt32(fields[7], radix: 16)?.byteSwapped,
                let destination = IPAddress(family: .v4, value: UInt128(address))
            else { return nil }
            return IPPrefix(destination, length: mask.nonzeroBitCount)
        }
    }
}
