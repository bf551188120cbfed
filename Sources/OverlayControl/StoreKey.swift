package import Addressing

/// A key of the store, all of which lie below one root.
package enum StoreKey: Hashable, Sendable {
    /// A node while it lives.
    case node(String)
    /// The ID of the network which has a name.
    case networkName(String)
    /// The ID of the network which has a VXLAN network identifier.
    case vni(UInt32)
    case network(String)
    /// Written by every attach to a network, so that whoever removes the network sees one he did not know of.
    case generation(String)
    case block(network: String, IPPrefix)
    case address(network: String, IPAddress)
    case endpoint(network: String, node: String, EndpointID)
}

/// Where all keys lie: `/apus/v1/` where nothing else is said.
package struct StoreRoot: Hashable, Sendable {
    private let base: String

    /// `root`: `/apus`.
    package init(_ root: String) {
        var root = root
        while root.hasSuffix("/") { root.removeLast() }
        base = root + "/v1/"
    }

    /// The key's text.
    package func text(_ key: StoreKey) -> String {
        switch key {
        case .node(let id): "\(base)nodes/\(id)"
        case .networkName(let name): "\(base)netnames/\(name)"
        case .vni(let number): "\(base)vni/\(number)"
        case .network(let id): "\(base)nets/\(id)"
        case .generation(let id): "\(base)gens/\(id)"
        case .block(let network, let block): "\(blocks(network))\(block)"
        case .address(let network, let address): "\(addresses(network))\(address)"
        case .endpoint(let network, let node, let endpoint): "\(endpoints(network, node))\(endpoint)"
        }
    }

    /// The prefix of all nodes' keys.
    package var nodes: String { "\(base)nodes/" }

    /// The prefix of all networks' keys.
    package var networks: String { "\(base)nets/" }

    /// The prefix of the blocks of all networks.
    package var blocks: String { "\(base)blocks/" }

    /// The prefix of the single addresses of all networks.
    package var addresses: String { "\(base)ips/" }

    /// The prefix of the endpoints of all networks.
    package var endpoints: String { "\(base)eps/" }

    /// The prefix of one network's blocks.
    package func blocks(_ network: String) -> String { "\(blocks)\(network)/" }

    /// The prefix of one network's single addresses.
    package func addresses(_ network: String) -> String { "\(addresses)\(network)/" }

    /// The prefix of one network's endpoints.
    package func endpoints(_ network: String) -> String { "\(endpoints)\(network)/" }

    /// The prefix of one network's endpoints on one node.
    package func endpoints(_ network: String, _ node: String) -> String { "\(endpoints(network))\(node)/" }

    /// The key of a text; nil when it is none of ours.
    package func key(_ text: String) -> StoreKey? {
        guard text.hasPrefix(base) else { return nil }
        let words = text.dropFirst(base.count).split(separator: "/", omittingEmptySubsequences: false).map(
            String.init)
        guard words.count >= 2, words.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch (words[0], words.count) {
        case ("nodes", 2): return OverlayNode.isID(words[1]) ? .node(words[1]) : nil
        case ("netnames", 2): return .networkName(words[1])
        case ("vni", 2): return UInt32(words[1]).map(StoreKey.vni)
        case ("nets", 2): return .network(words[1])
        case ("gens", 2): return .generation(words[1])
        case ("blocks", 4):
            return IPPrefix("\(words[2])/\(words[3])").map { .block(network: words[1], $0) }
        case ("ips", 3): return IPAddress(words[2]).map { .address(network: words[1], $0) }
        case ("eps", 4):
            guard OverlayNode.isID(words[2]), let endpoint = EndpointID(words[3]) else { return nil }
            return .endpoint(network: words[1], node: words[2], endpoint)
        default: return nil
        }
    }
}
