internal import Addressing

/// `127.0.0.0/8`.
let loopback = network(.v4, 127 << 24, length: 8)

/// `::1/128`.
let ownIPv6 = network(.v6, 1, length: 128)

/// `224.0.0.0/4` or `ff00::/8`.
func multicast(_ family: IPAddress.Family) -> IPPrefix {
    family == .v4 ? network(.v4, 224 << 24, length: 4) : network(.v6, 0xFF << 120, length: 8)
}

private func network(_ family: IPAddress.Family, _ value: UInt128, length: Int) -> IPPrefix {
    guard let address = IPAddress(family: family, value: value),
        let prefix = IPPrefix(address, length: length)
    else { fatalError("a constant which is not an address") }
    return prefix
}
