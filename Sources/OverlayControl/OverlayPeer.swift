package import Addressing

/// A container on another node, as this node's tables and names need it.
package struct OverlayPeer: Hashable, Sendable {
    package let node: String
    package let id: EndpointID
    package let address: IPAddress
    package let address6: IPAddress?
    package let mac: MACAddress
    /// The tunnel's end at its node.
    package let vtep: IPAddress
    package let names: [String]
    package let domain: String

    /// Both addresses, or the one there is.
    package var addresses: [IPAddress] { [address] + [address6].compactMap { $0 } }
}

/// How one address of a network is another's than before; the whole of it, so that nothing has to be remembered.
package struct PeerChange: Hashable, Sendable {
    package let address: IPAddress
    package let old: OverlayPeer?
    package let new: OverlayPeer?
}

extension PeerChange {
    /// One change for each address, from what was at first to what is at last: nothing is told that has gone meanwhile.
    package static func merged(_ changes: [PeerChange]) -> [PeerChange] {
        var merged: [IPAddress: PeerChange] = [:]
        for change in changes {
            let first = merged[change.address] ?? change
            merged[change.address] = PeerChange(address: change.address, old: first.old, new: change.new)
        }
        return merged.values.filter { $0.old != $0.new }.sorted { $0.address < $1.address }
    }
}
