import Addressing
import JSON
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore
import Resolver

/// What the store is told of this node's containers.
extension NetworkAgent {
    func key(of id: EndpointID) -> String {
        session.root.text(.endpoint(network: network.id, node: session.node, id))
    }

    /// Puts the containers of this node which the store has not got yet under the session's lease; each that cannot be put stays for the next time.
    func announceMissing() -> EventLoopFuture<Void> {
        let missing = attachments.filter { !$0.value.isAnnounced }.keys.sorted()
        let all = missing.map { file in
            announce(file).assumeIsolated().flatMapErrorThrowing { error in
                self.log("overlay: \(file): not announced: \(error)")
            }.nonisolated()
        }
        return EventLoopFuture.andAllComplete(all, on: loop)
    }

    /// Puts a container's endpoint; see the keys in docs/overlay.md. Fails with ``NetdRefusal`` when the network has gone or the address is somebody else's.
    func announce(_ file: String) -> EventLoopFuture<Void> { inOrder(file) { self.put(file) } }

    /// What is written of one container is written in order. Calls which are under way at the same time may arrive in another: a name that is
    /// taken away just before its container is would put the endpoint again that has been deleted.
    private func inOrder(
        _ file: String, _ write: @escaping () -> EventLoopFuture<Void>
    ) -> EventLoopFuture<Void> {
        guard let before = writing[file] else { return keepOrder(file, write()) }
        let done = before.assumeIsolated().flatMapErrorThrowing { _ in }.flatMap { write() }.nonisolated()
        return keepOrder(file, done)
    }

    private func keepOrder(_ file: String, _ write: EventLoopFuture<Void>) -> EventLoopFuture<Void> {
        writing[file] = write
        write.assumeIsolated().whenComplete { _ in
            if self.writing[file] === write { self.writing[file] = nil }
        }
        return write
    }

    /// Deletes the endpoint of a container which has left, and the claim of its address. What fails is for `sweep`.
    func withdraw(_ file: String, _ old: Attachment) -> EventLoopFuture<Void> {
        leaving.insert(old.id)
        let done = inOrder(file) {
            let session = self.session
            guard session.isUp else {
                return self.loop.makeFailedFuture(StoreError.unreachable("the node is not in the cluster"))
            }
            var operations: [StoreTransaction.Operation] = [.delete(self.key(of: old.id))]
            if old.isClaimed {
                let claim = StoreKey.address(network: self.network.id, old.address)
                operations.append(.delete(session.root.text(claim)))
            }
            let transaction = StoreTransaction(conditions: [], operations: operations, otherwise: [])
            return session.store.commit(transaction).map { _ in }
        }
        return done.assumeIsolated().always { _ in
            self.leaving.remove(old.id)
        }.flatMapErrorThrowing { error in
            self.hasLeftBehind = true
            self.log("overlay: \(old.id) of \(self.network.name) is taken out of the store later: \(error)")
        }.nonisolated()
    }

    private func put(_ file: String) -> EventLoopFuture<Void> {
        guard let attachment = attachments[file] else { return loop.makeSucceededVoidFuture() }
        guard let lease = session.lease else {
            return loop.makeFailedFuture(StoreError.unreachable("the node is not in the cluster"))
        }
        let root = session.root
        let record = names.directory[file]
        let endpoint = OverlayEndpoint(
            address: attachment.address, names: record?.names ?? [], domain: record?.domain ?? "")
        let (net, claim) = (
            root.text(.network(network.id)), root.text(.address(network: network.id, attachment.address))
        )
        var conditions: [StoreTransaction.Condition] = [.present(net)]
        if !attachment.isClaimed { conditions.append(.absent(claim)) }
        let transaction = StoreTransaction(
            conditions: conditions,
            operations: [
                .put(key(of: attachment.id), Array(endpoint.json.text.utf8), lease: lease),
                .put(root.text(.generation(network.id)), Array(session.node.utf8), lease: nil),
            ], otherwise: [net, claim])
        return session.store.commit(transaction).assumeIsolated().flatMapThrowing { commit in
            guard !commit.isDone else {
                self.attachments[file]?.isAnnounced = true
                return
            }
            guard commit.found.contains(where: { $0.key == net }) else {
                throw NetdRefusal(.notFound, "network \(self.network.name) has been removed")
            }
            throw NetdRefusal(
                .addressTaken, "\(attachment.address) of \(self.network.name) is claimed by another container"
            )
        }.nonisolated()
    }

    /// A container is called something else.
    func namesChanged(_ file: String) {
        guard attachments[file] != nil, session.isUp else { return }
        attachments[file]?.isAnnounced = false
        announce(file).assumeIsolated().whenFailure { error in self.log("overlay: \(file): names: \(error)") }
    }
}
