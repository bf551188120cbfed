package import Addressing
package import Firewall

/// What the firewall must know of the addresses of a container whose link is a port of a bridge.
package struct AddressEntries: Hashable, Sendable {
    /// The link of the host packets from and to the container come and go by.
    private let bridge: String
    private let masquerades: Bool
    private let isIsolated: Bool
    private let isInternal: Bool

    /// `masquerades`: what leaves gets the host's address; `isIsolated`: from outside, only published ports reach the
    /// container; `isInternal`: nothing outside of the bridge and the host.
    package init(bridge: String, masquerades: Bool, isIsolated: Bool, isInternal: Bool) {
        self.bridge = bridge
        self.masquerades = masquerades
        self.isIsolated = isIsolated
        self.isInternal = isInternal
    }

    /// Whether there is anything to know.
    package var isNeeded: Bool { masquerades || isIsolated || isInternal }

    /// The elements of the firewall's sets for one address.
    package func entries(of address: IPAddress) -> [Entry] {
        guard isNeeded else { return [] }
        var entries: [Entry] = [.home(address, bridge: bridge)]
        if masquerades { entries.append(.masquerade(address)) }
        if isIsolated { entries.append(.guarded(address)) }
        if isInternal { entries.append(.internal(address)) }
        return entries
    }

    /// What there is of an address with any configuration.
    package func possibleEntries(of address: IPAddress) -> [Entry] {
        [.home(address, bridge: bridge), .masquerade(address), .guarded(address), .internal(address)]
    }
}
