package import JSON

/// What `apus-netd` is asked: one line of JSON on its socket, answered by one line.
package enum NetdCall: Hashable, Sendable {
    /// Look at a record again, which is new, has changed or has gone. `record` is the name of its file.
    case sync(RecordKind, record: String)
    /// Something about networks of several hosts; what with, is the action's own.
    case overlay(OverlayAction, with: JSONValue)
    /// Say what is served.
    case status
    /// End.
    case stop

    package init(_ reader: JSONReader) throws(JSONError) {
        let word = try reader.required("do")
        switch try word.choice(Word.self) {
        case .sync:
            let record = try reader.required("record")
            let name = try record.string()
            // It becomes a path.
            guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else {
                throw record.notAllowed("'\(name)' is not the name of a file")
            }
            self = .sync(try reader.required("kind").choice(RecordKind.self), record: name)
        case .overlay:
            self = .overlay(
                try reader.required("act").choice(OverlayAction.self),
                with: try reader.optional("with")?.value ?? .object([]))
        case .status: self = .status
        case .stop: self = .stop
        }
    }

    /// The line, without its end.
    package var json: JSONValue {
        var object = JSONObject()
        switch self {
        case .sync(let kind, let record):
            object.set("do", Word.sync.rawValue)
            object.set("kind", kind.rawValue)
            object.set("record", record)
        case .overlay(let action, let arguments):
            object.set("do", Word.overlay.rawValue)
            object.set("act", action.rawValue)
            object.set("with", arguments)
        case .status: object.set("do", Word.status.rawValue)
        case .stop: object.set("do", Word.stop.rawValue)
        }
        return object.value
    }

    private enum Word: String, CaseIterable { case sync, overlay, status, stop }
}

/// What may be asked about networks of several hosts. `with` is an object of the members named here.
package enum OverlayAction: String, Hashable, Sendable, CaseIterable {
    /// All networks of the cluster: `networks`, a list.
    case networks
    /// One network, `name`: its members, and `peers`: `nodes`, `endpoints` and `blocks`.
    case network
    /// Makes a network: ``OverlayControl/NetworkWish``, and the `id` it is to have. Answers `network`.
    case createNetwork = "create-network"
    /// Removes the network `name`, which must have no container anywhere.
    case removeNetwork = "remove-network"
    /// All nodes which live or have blocks: `nodes`, a list.
    case nodes
    /// Gives back what the node `node` (an ID or a name) had, which must not live.
    case removeNode = "remove-node"
    /// Whether the store answers, and this node's part in it.
    case store
}
