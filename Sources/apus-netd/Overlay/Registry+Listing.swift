import Addressing
import JSON
import NIOCore
import OverlayControl
import OverlayStore

/// What a person sees of the cluster.
extension Registry {
    /// Who is in a network: `nodes`, `endpoints` and `blocks`.
    func view(_ network: OverlayNetwork) -> EventLoopFuture<JSONValue> {
        var view = NetworkView(network, node: "", root: session.root)
        _ = view.setNodes(session.nodes)
        let empty = view
        return session.store.list(view.prefixes).assumeIsolated().map { snapshot in
            var view = empty
            _ = view.replace(snapshot.entries)
            return peers(view)
        }.nonisolated()
    }

    private func peers(_ view: NetworkView) -> JSONValue {
        let endpoints = view.listing.sorted { ($0.node, "\($0.id)") < ($1.node, "\($1.id)") }
        var object = JSONObject()
        let ids = Set(endpoints.map(\.node)).union(view.blocks.values).sorted()
        object.set("nodes", .array(ids.map { node($0, blocks: nil) }))
        object.set(
            "endpoints",
            .array(
                endpoints.map { one in
                    var object = JSONObject()
                    object.set("node", one.node)
                    object.set("containerID", one.id.containerID)
                    object.set("interface", one.id.interface)
                    object.set("address", "\(one.endpoint.address)")
                    object.set("address6", view.network.address6(for: one.endpoint.address).map { "\($0)" })
                    object.set("mac", "\(one.endpoint.mac)")
                    object.set("names", one.endpoint.names)
                    return object.value
                }))
        object.set(
            "blocks",
            .object(
                view.blocks.sorted { $0.key.first < $1.key.first }.map {
                    .init("\($0.key)", .string($0.value))
                }))
        return object.value
    }

    /// The nodes which live, and those which have gone and still have claims.
    func nodes() -> EventLoopFuture<[JSONValue]> {
        claims().assumeIsolated().map { claims in
            let ids = Set(session.nodes.keys).union(claims.keys.filter { OverlayNode.isID($0) })
            return ids.sorted().map { node($0, blocks: claims[$0]?.count ?? 0) }
        }.nonisolated()
    }

    private func node(_ id: String, blocks: Int?) -> JSONValue {
        let node = session.nodes[id]
        var object = JSONObject()
        object.set("id", id)
        object.set("name", node?.name)
        object.set("vtep", node.map { "\($0.vtep)" })
        object.set("port", node?.port)
        object.set("lives", node != nil)
        object.set("self", id == session.node ? true : nil)
        object.set("claims", blocks)
        return object.value
    }
}
