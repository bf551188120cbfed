import Addressing
import JSON
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// Gives a container its address on a network: from the node's own blocks, from a new block, or the one it wishes.
struct Admission {
    private let agent: NetworkAgent
    private let loop: any EventLoop
    private var session: Session { agent.session }
    private var network: OverlayNetwork { agent.network }

    /// Nodes which look for a block at the same moment take one another's; each knows one more afterwards.
    private static let mostTries = 256

    init(_ agent: NetworkAgent, _ loop: any EventLoop) {
        self.agent = agent
        self.loop = loop
    }

    private var choice: AddressChoice {
        AddressChoice(agent.view, taken: Set(agent.attachments.values.map(\.address)))
    }

    func admit(_ record: OverlayRecord) -> EventLoopFuture<NetworkAgent.Attachment> {
        let id = record.endpoint
        guard let wanted = record.address else {
            return address(tries: Self.mostTries).map {
                NetworkAgent.Attachment(id: id, address: $0, isClaimed: false)
            }
        }
        return take(wanted, id)
    }

    // MARK: Any address

    private func address(tries: Int) -> EventLoopFuture<IPAddress> {
        if let address = choice.next(after: agent.last) { return loop.makeSucceededFuture(address) }
        guard tries > 0, let block = choice.freeBlock else { return fail(.noAddress, exhausted) }
        return claim(block).assumeIsolated().flatMap { address(tries: tries - 1) }.nonisolated()
    }

    private var exhausted: String {
        let holders = Set(agent.view.blocks.values).count
        return "network \(network.name) (\(network.subnet)) has no address left for this node: its blocks of "
            + "/\(network.blockLength) are with \(holders) node\(holders == 1 ? "" : "s"); a larger subnet, or apus node rm "
            + "for a node that is gone, would help"
    }

    /// Claims a block, or learns who has it.
    private func claim(_ block: IPPrefix) -> EventLoopFuture<Void> {
        let root = session.root
        let key = root.text(.block(network: network.id, block))
        let net = root.text(.network(network.id))
        let value = Array(BlockClaim(node: session.node).json.text.utf8)
        let transaction = StoreTransaction(
            conditions: [.absent(key), .present(net)], operations: [.put(key, value, lease: nil)],
            otherwise: [key, net])
        return session.store.commit(transaction).assumeIsolated().flatMap { commit in
            if commit.isDone {
                agent.learn(.put(entry(key, value, commit.revision)))
                return learnClaims()
            }
            guard commit.found.contains(where: { $0.key == net }) else { return fail(.notFound, removed) }
            for entry in commit.found where entry.key == key { agent.learn(.put(entry)) }
            return loop.makeSucceededVoidFuture()
        }.nonisolated()
    }

    /// Single addresses of the block may have been claimed before it was; whoever wants one now sees the block.
    private func learnClaims() -> EventLoopFuture<Void> {
        session.store.list([session.root.addresses(network.id)]).assumeIsolated().map { snapshot in
            for entry in snapshot.entries { agent.learn(.put(entry)) }
        }.nonisolated()
    }

    // MARK: One address

    private func take(_ address: IPAddress, _ id: EndpointID) -> EventLoopFuture<NetworkAgent.Attachment> {
        guard network.isAssignable(address) else {
            return fail(
                .addressTaken,
                "\(address) is no container's address in \(network.subnet) (gateway \(network.gateway))")
        }
        if let other = agent.attachments.values.first(where: { $0.address == address }) {
            return fail(.addressTaken, "\(address) is \(other.id)'s already")
        }
        switch agent.view.owner(of: address) {
        case session.node? where agent.view.claims[address] == nil:
            return loop.makeSucceededFuture(.init(id: id, address: address, isClaimed: false))
        case let node? where node != session.node: return fail(.addressTaken, elsewhere(address, node))
        default: return claim(address, id)
        }
    }

    private func elsewhere(_ address: IPAddress, _ node: String) -> String {
        let name = session.nodes[node]?.name ?? node
        if let claim = agent.view.claims[address] {
            return "\(address) is \(claim.endpoint)'s on node \(name)"
        }
        return
            "\(address) is in a block of node \(name), which may give it even while it is cut off: choose one outside "
            + "all blocks, or run the container there"
    }

    /// Claims an address outside all blocks, which has to be outside at that very moment.
    private func claim(_ address: IPAddress, _ id: EndpointID) -> EventLoopFuture<NetworkAgent.Attachment> {
        let root = session.root
        guard let block = network.block(of: address) else { return fail(.addressTaken, "\(address)") }
        let key = root.text(.address(network: network.id, address))
        let blockKey = root.text(.block(network: network.id, block))
        let net = root.text(.network(network.id))
        let value = Array(AddressClaim(node: session.node, endpoint: id).json.text.utf8)
        // Our own claim of before a restart is as good as a new one.
        let own = agent.view.claims[address] == AddressClaim(node: session.node, endpoint: id)
        let transaction = StoreTransaction(
            conditions: [own ? .holds(key, value) : .absent(key), .absent(blockKey), .present(net)],
            operations: [.put(key, value, lease: nil)], otherwise: [key, blockKey, net])
        return session.store.commit(transaction).assumeIsolated().flatMapThrowing { commit in
            if commit.isDone {
                agent.learn(.put(entry(key, value, commit.revision)))
                return .init(id: id, address: address, isClaimed: true)
            }
            guard commit.found.contains(where: { $0.key == net }) else {
                throw NetdRefusal(.notFound, removed)
            }
            for entry in commit.found where entry.key != net { agent.learn(.put(entry)) }
            throw NetdRefusal(.addressTaken, "\(address) has just been taken by another node")
        }.nonisolated()
    }

    private var removed: String { "network \(network.name) has been removed" }

    private func entry(_ key: String, _ value: [UInt8], _ revision: Int64) -> StoreEntry {
        StoreEntry(key: key, value: value, createRevision: revision, modRevision: revision, isLeased: false)
    }

    private func fail<Value: Sendable>(_ code: NetdRefusal.Code, _ message: String) -> EventLoopFuture<Value>
    {
        loop.makeFailedFuture(NetdRefusal(code, message))
    }
}
