package import Addressing
internal import JSON

/// What a node knows of one network: all claims and endpoints the store has, and which of them are to be believed.
///
/// Everything in it may have been written by anybody who can write to the store. An endpoint counts only when its node lives and
/// has the block, or the claim, its address is in: so an address is one node's at any moment, whatever others announce.
package struct NetworkView: Sendable {
    package let network: OverlayNetwork
    /// The node whose view it is: its own endpoints are no peers.
    package let node: String
    private let root: StoreRoot
    private var nodes: [String: OverlayNode] = [:]
    package private(set) var blocks: [IPPrefix: String] = [:]
    package private(set) var claims: [IPAddress: AddressClaim] = [:]
    private var endpoints: [Reference: OverlayEndpoint] = [:]
    private var references: [IPAddress: Set<Reference>] = [:]
    /// Those to be believed, by address.
    package private(set) var peers: [IPAddress: OverlayPeer] = [:]

    /// An endpoint's key.
    private struct Reference: Hashable {
        let node: String
        let id: EndpointID
    }

    /// What came of a change.
    package struct Outcome: Hashable, Sendable {
        package var changes: [PeerChange] = []
        /// What was ignored and why, for the log.
        package var complaints: [String] = []
    }

    package init(_ network: OverlayNetwork, node: String, root: StoreRoot) {
        self.network = network
        self.node = node
        self.root = root
    }

    /// The prefixes of keys the view is made of.
    package var prefixes: [String] {
        [root.blocks(network.id), root.addresses(network.id), root.endpoints(network.id)]
    }

    /// All endpoints as the store has them, of all nodes, for a person.
    package var listing: [(node: String, id: EndpointID, endpoint: OverlayEndpoint)] {
        endpoints.map { ($0.key.node, $0.key.id, $0.value) }
    }

    /// The blocks of this node, in order.
    package var ownBlocks: [IPPrefix] {
        blocks.filter { $0.value == node }.map(\.key).sorted { $0.first < $1.first }
    }

    /// Takes the nodes which live.
    package mutating func setNodes(_ new: [String: OverlayNode]) -> Outcome {
        let changed = Set(nodes.keys).union(new.keys).filter { nodes[$0] != new[$0] }
        nodes = new
        guard !changed.isEmpty else { return Outcome() }
        return settle(Set(endpoints.filter { changed.contains($0.key.node) }.map(\.value.address)))
    }

    /// Takes everything the store has, in the place of what was known.
    package mutating func replace(_ entries: [StoreEntry]) -> Outcome {
        let affected = Set(references.keys)
        (blocks, claims, endpoints, references) = ([:], [:], [:], [:])
        var complaints: [String] = []
        for entry in entries { _ = take(entry, &complaints) }
        var outcome = settle(affected.union(references.keys))
        outcome.complaints = complaints + outcome.complaints
        return outcome
    }

    /// Takes what has happened since.
    package mutating func apply(_ changes: [StoreChange]) -> Outcome {
        var affected: Set<IPAddress> = []
        var complaints: [String] = []
        for change in changes {
            switch change {
            case .put(let entry): affected.formUnion(take(entry, &complaints))
            case .deleted(let key): affected.formUnion(remove(key))
            }
        }
        var outcome = settle(affected)
        outcome.complaints = complaints + outcome.complaints
        return outcome
    }

    /// Takes an entry; the answer is the addresses it may matter to.
    private mutating func take(_ entry: StoreEntry, _ complaints: inout [String]) -> Set<IPAddress> {
        guard let key = root.key(entry.key) else {
            complaints.append("\(entry.key): ignored: not a key of this version")
            return []
        }
        do throws(JSONError) {
            guard entry.value.count <= Self.longestValue else {
                throw JSONReader(.null).notAllowed("more than \(Self.longestValue) bytes")
            }
            let reader = JSONReader(try JSONValue(parsing: entry.value))
            return try take(key, reader)
        } catch {
            complaints.append("\(entry.key): ignored: \(error)")
            // What it was before does not hold any more either.
            return remove(entry.key)
        }
    }

    private static let longestValue = 65_536

    private mutating func take(_ key: StoreKey, _ reader: JSONReader) throws(JSONError) -> Set<IPAddress> {
        switch key {
        case .block(network.id, let block):
            guard block == block.network, block.length == network.blockLength, network.subnet.overlaps(block)
            else { throw reader.notAllowed("\(block) is no block of \(network.subnet)") }
            blocks[block] = try BlockClaim(reader).node
            return addresses(in: block)
        case .address(network.id, let address):
            guard network.isAssignable(address) else {
                throw reader.notAllowed("\(address) cannot be claimed")
            }
            claims[address] = try AddressClaim(reader)
            return [address]
        case .endpoint(network.id, let node, let id):
            let endpoint = try OverlayEndpoint(reader)
            guard network.isAssignable(endpoint.address) else {
                throw reader.notAllowed("\(endpoint.address) is no container's address in \(network.subnet)")
            }
            return insert(endpoint, Reference(node: node, id: id))
        default: return []
        }
    }

    private mutating func insert(_ endpoint: OverlayEndpoint, _ reference: Reference) -> Set<IPAddress> {
        var affected: Set<IPAddress> = [endpoint.address]
        if let old = endpoints.updateValue(endpoint, forKey: reference), old.address != endpoint.address {
            forget(old.address, reference)
            affected.insert(old.address)
        }
        references[endpoint.address, default: []].insert(reference)
        return affected
    }

    private mutating func forget(_ address: IPAddress, _ reference: Reference) {
        references[address]?.remove(reference)
        if references[address]?.isEmpty ?? false { references[address] = nil }
    }

    private mutating func remove(_ text: String) -> Set<IPAddress> {
        switch root.key(text) {
        case .block(network.id, let block)?:
            blocks[block] = nil
            return addresses(in: block)
        case .address(network.id, let address)?:
            claims[address] = nil
            return [address]
        case .endpoint(network.id, let node, let id)?:
            let reference = Reference(node: node, id: id)
            guard let old = endpoints.removeValue(forKey: reference) else { return [] }
            forget(old.address, reference)
            return [old.address]
        default: return []
        }
    }

    private func addresses(in block: IPPrefix) -> Set<IPAddress> {
        Set(references.keys.filter(block.contains))
    }

    /// Works out anew whom the addresses belong to.
    private mutating func settle(_ addresses: Set<IPAddress>) -> Outcome {
        var outcome = Outcome()
        for address in addresses.sorted() {
            let new = peer(at: address, &outcome.complaints)
            let old = peers[address]
            guard new != old else { continue }
            peers[address] = new
            outcome.changes.append(PeerChange(address: address, old: old, new: new))
        }
        return outcome
    }

    /// Whom an address belongs to: the endpoint whose node may give it. Of several of one node, which it would have to mend, the same at all others.
    private func peer(at address: IPAddress, _ complaints: inout [String]) -> OverlayPeer? {
        guard let candidates = references[address] else { return nil }
        let owner = owner(of: address)
        for stranger in candidates where stranger.node != owner {
            complaints.append(
                "\(address) of \(network.name): node \(stranger.node) announces it for \(stranger.id), but "
                    + (owner.map { "it is node \($0)'s" } ?? "nobody has its block") + ": ignored")
        }
        guard let owner, owner != node, let host = nodes[owner],
            let chosen = candidates.filter({ $0.node == owner }).min(by: { "\($0.id)" < "\($1.id)" }),
            let endpoint = endpoints[chosen]
        else { return nil }
        return OverlayPeer(
            node: owner, id: chosen.id, address: address, address6: network.address6(for: address),
            mac: endpoint.mac, vtep: host.vtep, names: endpoint.names, domain: endpoint.domain)
    }

    /// The node which may give an address to a container.
    package func owner(of address: IPAddress) -> String? {
        if let claim = claims[address] { return claim.node }
        return network.block(of: address).flatMap { blocks[$0] }
    }
}
