import Addressing
import JSON
import NIOCore
import OverlayControl
import OverlayStore

/// What the store still has of containers that have left this node, because it could not be told when they did.
///
/// Endpoints hang on the node's lease, but that may outlive the store's absence; a claimed address hangs on nothing.
extension OverlayService {
    /// Takes it out, where there may be something.
    func sweep() -> EventLoopFuture<Void> {
        guard let session, hasLeftBehind || agents.values.contains(where: \.hasLeftBehind) else {
            return loop.makeSucceededVoidFuture()
        }
        let swept = Array(agents.values)
        // First: what cannot be told from now on is for the next time.
        hasLeftBehind = false
        for agent in swept { agent.hasLeftBehind = false }
        let prefixes =
            [session.root.addresses] + swept.map { session.root.endpoints($0.network.id, session.node) }
        return session.store.list(prefixes).assumeIsolated().flatMap { snapshot in
            let strays = snapshot.entries.filter { self.isStray($0, session) }
            let removals = strays.map { self.remove($0, session) }
            return EventLoopFuture.andAllSucceed(removals, on: self.loop)
        }.flatMapErrorThrowing { error in
            self.hasLeftBehind = true
            // With its agent a network would be left out the next time.
            for agent in swept { agent.hasLeftBehind = true }
            throw error
        }.nonisolated()
    }

    private func remove(_ stray: StoreEntry, _ session: Session) -> EventLoopFuture<Void> {
        session.store.commit(.removal(of: stray)).assumeIsolated().map { commit in
            if commit.isDone {
                self.log("overlay: \(stray.key): taken out: its container is not here any more")
            }
        }.nonisolated()
    }

    private func isStray(_ entry: StoreEntry, _ session: Session) -> Bool {
        switch session.root.key(entry.key) {
        case .endpoint(let network, session.node, let id)?: !isHere(id, network)
        case .address(let network, let address)?:
            AddressClaim(entry).map { $0.node == session.node && !isHere($0.endpoint, network, at: address) }
                ?? false
        default: false
        }
    }

    /// `address`: nil for any. Who is being given one may have it already, and who is leaving is taken out by that.
    private func isHere(_ id: EndpointID, _ network: String, at address: IPAddress? = nil) -> Bool {
        let found =
            agents[network]?.attachments.values.first { $0.id == id }.map(\.address)
            ?? waiting.values.first { $0.endpoint == id && $0.assignment?.networkID == network }?
            .assignment?.address.address
        let isUnderWay = admitting.contains(id) || agents[network]?.leaving.contains(id) ?? false
        return isUnderWay || found.map { address == nil || $0 == address } ?? false
    }
}

extension AddressClaim {
    /// What an entry says; nil when it makes no sense.
    fileprivate init?(_ entry: StoreEntry) {
        guard let value = try? JSONValue(parsing: entry.value),
            let claim = try? AddressClaim(JSONReader(value))
        else { return nil }
        self = claim
    }
}

extension StoreTransaction {
    /// Deletes an entry as it was seen; not one that has been put since.
    fileprivate static func removal(of entry: StoreEntry) -> StoreTransaction {
        StoreTransaction(
            conditions: [.unchanged(entry.key, since: entry.modRevision)], operations: [.delete(entry.key)],
            otherwise: [])
    }
}
