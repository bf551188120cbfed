package import JSON

/// What `apus-netd` answers when it does not do what it was asked: `{"error":"...","code":"..."}`.
package struct NetdRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package let code: Code
    /// One sentence for a person.
    package let message: String
    /// For ``Code/portTaken``: the container whose port it is, where that is known.
    package let owner: String?

    package init(_ code: Code, _ message: String, owner: String? = nil) {
        self.code = code
        self.message = message
        self.owner = owner
    }

    /// What a program may want to tell apart.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The line was no call.
        case badCall = "bad-call"
        /// The record cannot be read.
        case badRecord = "bad-record"
        /// Somebody else has the port of the host.
        case portTaken = "port-taken"
        /// The container's network namespace is not there, or cannot be entered.
        case noNamespace = "no-namespace"
        /// No member of the cluster's store answers, or they have no leader.
        case storeUnreachable = "store-unreachable"
        /// The store answers and will not do it: a wrong password, a certificate, a full disk.
        case storeRefused = "store-refused"
        /// The cluster has a network of this name which is another.
        case networkConflict = "network-conflict"
        /// There is no such network, or node.
        case notFound = "not-found"
        /// A network which has containers, or a node which lives.
        case inUse = "in-use"
        /// Another container has the address, or another node may give it.
        case addressTaken = "address-taken"
        /// The network has no address left for this node.
        case noAddress = "no-address"
        /// The kernel refused something.
        case failed
    }

    /// The refusal in an answer, or `nil` when the answer is none.
    package init?(_ answer: JSONReader) throws(JSONError) {
        guard let message = try answer.optional("error")?.string() else { return nil }
        // A daemon of another version may have other codes.
        let code = try answer.optional("code").flatMap { Code(rawValue: (try? $0.string()) ?? "") }
        self.init(code ?? .failed, message, owner: try answer.optional("owner")?.string())
    }

    /// The line, without its end.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("error", message)
        object.set("code", code.rawValue)
        object.set("owner", owner)
        return object.value
    }

    package var description: String { message }
}
