import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import OverlayControl

/// What the engine asks about networks of several hosts.
extension OverlayService {
    func perform(_ action: OverlayAction, _ arguments: JSONReader) -> EventLoopFuture<JSONValue> {
        carryOut(action, arguments).flatMapErrorThrowing { error in throw Self.refusal(error) }
    }

    private func carryOut(_ action: OverlayAction, _ arguments: JSONReader) -> EventLoopFuture<JSONValue> {
        do throws(JSONError) {
            switch action {
            case .networks: return networks()
            case .network: return network(try arguments.required("name").string())
            case .createNetwork: return try create(arguments)
            case .removeNetwork: return remove(try arguments.required("name").string())
            case .nodes: return nodes()
            case .removeNode: return removeNode(try arguments.required("node").string())
            case .store: return registry { $0.networks().map { _ in Daemon.done } }
            }
        } catch { return loop.makeFailedFuture(NetdRefusal(.badCall, "\(error)")) }
    }

    private func networks() -> EventLoopFuture<JSONValue> {
        registry { registry in
            registry.networks().map { networks in
                answer { $0.set("networks", .array(networks.sorted { $0.name < $1.name }.map(\.json))) }
            }
        }
    }

    private func network(_ name: String) -> EventLoopFuture<JSONValue> {
        registry { registry in
            registry.networks().assumeIsolated().flatMap { networks in
                guard let network = networks.first(where: { $0.name == name || $0.id == name }) else {
                    return self.loop.makeFailedFuture(NetdRefusal(.notFound, "network \(name) not found"))
                }
                return registry.view(network).map { view in
                    answer {
                        $0.set("network", network.json)
                        $0.set("peers", view)
                    }
                }
            }.nonisolated()
        }
    }

    private func create(_ arguments: JSONReader) throws(JSONError) -> EventLoopFuture<JSONValue> {
        let wish = try NetworkWish(arguments)
        let place = try arguments.optional("id")
        let id = try place?.string()
        if let place, let id, id.utf8.count != 64 {
            throw place.notAllowed("'\(id)' is not the ID of a network")
        }
        let created = try arguments.optional("created")?.string() ?? currentTimestamp()
        return registry { registry in
            registry.ensure(wish, id: id, created: created).map { network in
                answer { $0.set("network", network.json) }
            }
        }
    }

    private func remove(_ name: String) -> EventLoopFuture<JSONValue> {
        registry { registry in
            registry.remove(name).assumeIsolated().map { network in
                self.forget(network)
                return Daemon.done
            }.nonisolated()
        }
    }

    private func nodes() -> EventLoopFuture<JSONValue> {
        registry { $0.nodes().map { nodes in answer { $0.set("nodes", .array(nodes)) } } }
    }

    private func removeNode(_ node: String) -> EventLoopFuture<JSONValue> {
        registry { $0.removeNode(node).map { count in answer { $0.set("claims", count) } } }
    }
}

private func answer(_ fill: (inout JSONObject) -> Void) -> JSONValue {
    var object = JSONObject()
    object.set("ok", true)
    fill(&object)
    return object.value
}
