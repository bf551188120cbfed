import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// Networks and nodes as the store has them: found, made, removed.
struct Registry {
    let session: Session
    private let tables: TableWriter
    private let log: Log
    private let loop: any EventLoop
    private var root: StoreRoot { session.root }
    private var store: any OverlayStore { session.store }

    /// VXLAN network identifiers are given from here on, as by Docker.
    private static let firstVNI: UInt32 = 4097
    private static let mostTries = 16
    /// What is written by every creation: two which choose at the same time do not choose the same.
    private static let creations = StoreKey.generation("networks")

    init(_ session: Session, _ tables: TableWriter, _ log: Log, _ loop: any EventLoop) {
        self.session = session
        self.tables = tables
        self.log = log
        self.loop = loop
    }

    // MARK: Networks

    /// All networks; those which cannot be read are for the log.
    func networks() -> EventLoopFuture<[OverlayNetwork]> { listing().map(\.networks) }

    /// Everything a creation depends on, at one moment.
    private struct Listing: Sendable {
        var networks: [OverlayNetwork] = []
        var creations: StoreEntry?
    }

    private func listing() -> EventLoopFuture<Listing> {
        let key = root.text(Self.creations)
        return store.list([root.networks, key]).assumeIsolated().map { snapshot in
            var listing = Listing()
            for entry in snapshot.entries {
                if entry.key == key {
                    listing.creations = entry
                } else if let network = network(entry) {
                    listing.networks.append(network)
                }
            }
            return listing
        }.nonisolated()
    }

    private func network(_ entry: StoreEntry) -> OverlayNetwork? {
        do throws(JSONError) {
            let network = try OverlayNetwork(JSONReader(try JSONValue(parsing: entry.value)))
            if root.key(entry.key) == .network(network.id) { return network }
            log("overlay: \(entry.key): ignored: it is the network \(network.id)")
        } catch { log("overlay: \(entry.key): ignored: \(error)") }
        return nil
    }

    /// The network of that name, which is made when there is none.
    func ensure(_ wish: NetworkWish, id: String?, created: String) -> EventLoopFuture<OverlayNetwork> {
        ensure(wish, id: id, created: created, tries: Self.mostTries)
    }

    private func ensure(_ wish: NetworkWish, id: String?, created: String, tries: Int)
        -> EventLoopFuture<OverlayNetwork>
    {
        listing().assumeIsolated().flatMap { listing in
            if let found = listing.networks.first(where: { $0.name == wish.name }) {
                if let conflict = wish.conflict(with: found) { return fail(.networkConflict, conflict) }
                return loop.makeSucceededFuture(found)
            }
            return taken(by: wish).assumeIsolated().flatMap { routes in
                create(wish, id: id, created: created, listing, routes).assumeIsolated().flatMap { made in
                    if let made { return loop.makeSucceededFuture(made) }
                    guard tries > 0 else { return fail(.failed, "too many create networks at this moment") }
                    return ensure(wish, id: id, created: created, tries: tries - 1)
                }.nonisolated()
            }.nonisolated()
        }.nonisolated()
    }

    /// What a subnet nobody chose must leave alone on this host.
    private func taken(by wish: NetworkWish) -> EventLoopFuture<[IPPrefix]> {
        wish.subnet != nil ? loop.makeSucceededFuture([]) : tables.routes()
    }

    /// nil when somebody else created one at the same moment.
    private func create(
        _ wish: NetworkWish, id: String?, created: String, _ listing: Listing, _ routes: [IPPrefix]
    ) -> EventLoopFuture<OverlayNetwork?> {
        let subnets = listing.networks.map(\.subnet)
        guard let subnet = wish.subnet ?? NetworkWish.freeSubnet(avoiding: subnets + routes) else {
            return fail(.noAddress, "there is no free subnet in \(NetworkWish.pool)")
        }
        if let other = listing.networks.first(where: { $0.subnet.overlaps(subnet) }) {
            return fail(
                .networkConflict, "subnet \(subnet) overlaps \(other.subnet) of network \(other.name)")
        }
        let vnis = Set(listing.networks.map(\.vni))
        if let vni = wish.vni, let other = listing.networks.first(where: { $0.vni == vni }) {
            return fail(.networkConflict, "vni \(vni) is network \(other.name)'s")
        }
        guard let vni = wish.vni ?? (Self.firstVNI...16_777_215).first(where: { !vnis.contains($0) }) else {
            return fail(.noAddress, "there is no free VXLAN network identifier")
        }
        let network = OverlayNetwork(
            id: id ?? newNetworkID(), name: wish.name, wish: wish, subnet: subnet, vni: vni, created: created)
        return put(network, listing)
    }

    private func put(_ network: OverlayNetwork, _ listing: Listing) -> EventLoopFuture<OverlayNetwork?> {
        let creations = root.text(Self.creations)
        let (name, vni, key) = (
            root.text(.networkName(network.name)), root.text(.vni(network.vni)),
            root.text(.network(network.id))
        )
        let id = Array(network.id.utf8)
        let transaction = StoreTransaction(
            conditions: [
                .absent(name), .absent(vni), .absent(key),
                listing.creations.map { .unchanged(creations, since: $0.modRevision) } ?? .absent(creations),
            ],
            operations: [
                .put(name, id, lease: nil), .put(vni, id, lease: nil),
                .put(key, Array(network.json.text.utf8), lease: nil),
                .put(creations, id, lease: nil),
            ], otherwise: [])
        return store.commit(transaction).map { $0.isDone ? network : nil }
    }

    /// Removes a network nobody is in.
    func remove(_ name: String) -> EventLoopFuture<OverlayNetwork> {
        networks().assumeIsolated().flatMap { networks in
            guard let network = networks.first(where: { $0.name == name || $0.id == name }) else {
                return fail(.notFound, "network \(name) not found")
            }
            return remove(network, tries: Self.mostTries).map { network }
        }.nonisolated()
    }

    private func remove(_ network: OverlayNetwork, tries: Int) -> EventLoopFuture<Void> {
        let (key, generation) = (root.text(.network(network.id)), root.text(.generation(network.id)))
        return store.list([root.endpoints(network.id), key, generation]).assumeIsolated().flatMap {
            snapshot in
            // Somebody else has removed it at the same time.
            guard snapshot.entries.contains(where: { $0.key == key }) else {
                return loop.makeSucceededVoidFuture()
            }
            let endpoints = snapshot.entries.filter { $0.key != generation && $0.key != key }
            guard endpoints.isEmpty else { return fail(.inUse, inUse(network, endpoints)) }
            let written = snapshot.entries.first { $0.key == generation }
            let transaction = StoreTransaction(
                conditions: [
                    .present(key),
                    written.map { .unchanged(generation, since: $0.modRevision) } ?? .absent(generation),
                ],
                operations: [
                    .delete(key), .delete(root.text(.networkName(network.name))),
                    .delete(root.text(.vni(network.vni))), .delete(generation),
                    .deletePrefix(root.blocks(network.id)), .deletePrefix(root.addresses(network.id)),
                ], otherwise: [])
            return store.commit(transaction).assumeIsolated().flatMap { commit in
                if commit.isDone { return loop.makeSucceededVoidFuture() }
                guard tries > 0 else {
                    return fail(
                        .failed,
                        "network \(network.name) was not removed: too many join or leave it at this moment")
                }
                return remove(network, tries: tries - 1)
            }.nonisolated()
        }.nonisolated()
    }

    private func inUse(_ network: OverlayNetwork, _ endpoints: [StoreEntry]) -> String {
        let nodes = Set(
            endpoints.compactMap { entry -> String? in
                guard case .endpoint(_, let node, _)? = root.key(entry.key) else { return nil }
                return session.nodes[node]?.name ?? node
            })
        return
            "network \(network.name) has \(endpoints.count) active endpoint\(endpoints.count == 1 ? "" : "s") on "
            + nodes.sorted().joined(separator: ", ")
    }

    // MARK: Nodes

    /// Claims of blocks and of single addresses, by node.
    func claims() -> EventLoopFuture<[String: [StoreEntry]]> {
        store.list([root.blocks, root.addresses]).assumeIsolated().map { snapshot in
            Dictionary(grouping: snapshot.entries) { entry in
                let reader = (try? JSONValue(parsing: entry.value)).map { JSONReader($0) }
                return (reader.flatMap { try? $0.required("node").string() }) ?? ""
            }
        }.nonisolated()
    }

    /// Gives back what a node has claimed, which must not live. The answer is how many claims those were.
    ///
    /// `word`: its ID, the beginning of it, or its name where it lives.
    func removeNode(_ word: String) -> EventLoopFuture<Int> {
        if let node = session.nodes.values.first(where: { $0.id == word || $0.name == word }) {
            return fail(.inUse, "node \(node.name) lives (tunnel at \(node.vtep)): stop its apus-netd first")
        }
        return claims().assumeIsolated().flatMap { claims in
            let matching = claims.keys.filter { OverlayNode.isID($0) && !word.isEmpty && $0.hasPrefix(word) }
            guard matching.count == 1, let id = matching.first, let entries = claims[id] else {
                return fail(
                    .notFound, "node \(word) not found" + (matching.isEmpty ? "" : ": several begin so"))
            }
            let alive = root.text(.node(id))
            // Some at a time: the store takes so many operations at once.
            let transactions = stride(from: 0, to: entries.count, by: 50).map { start in
                let part = entries[start..<min(start + 50, entries.count)]
                return StoreTransaction(
                    conditions: [.absent(alive)] + part.map { .unchanged($0.key, since: $0.modRevision) },
                    operations: part.map { .delete($0.key) }, otherwise: [])
            }
            return transactions.reduce(loop.makeSucceededFuture(0)) { before, transaction in
                before.and(store.commit(transaction)).map {
                    $0 + ($1.isDone ? transaction.operations.count : 0)
                }
            }
        }.nonisolated()
    }

    private func fail<Value: Sendable>(_ code: NetdRefusal.Code, _ message: String) -> EventLoopFuture<Value>
    {
        loop.makeFailedFuture(NetdRefusal(code, message))
    }
}

/// 64 hexadecimal digits.
private func newNetworkID() -> String {
    (0..<4).map { _ in
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
}
