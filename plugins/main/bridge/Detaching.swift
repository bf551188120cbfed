import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// DEL and GC: takes away what ADD made, also when the namespace, the result or half of it has gone.
struct Detaching {
    private let request: BridgeRequest

    init(_ request: BridgeRequest) { self.request = request }

    func run() throws(CNIError) {
        // The link goes before its addresses are given back: nobody is to get one that still answers.
        try deleteLink()
        try request.ipamDelegate()?.delete()
    }

    /// Inside the namespace by the interface's name; what a lost namespace left on the host by its owner.
    private func deleteLink() throws(CNIError) {
        let name = request.interface
        let wasThere = try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                guard let link = try socket.linkIfPresent(.name(name)), link.kind == "veth" else {
                    return false
                }
                try Self.delete([link], socket)
                return true
            }
        }
        if wasThere == true { return }
        let alias = LinkOwner(network: request.network, request.attachment).alias
        try Self.deleteLinks { $0 == alias }
    }

    static func collectGarbage(_ request: BridgeRequest) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        var first: CNIError?
        do throws(CNIError) {
            if let mark = LinkOwner.mark(of: request.network) {
                let kept = Set(valid.map { LinkOwner(network: request.network, $0).alias })
                try deleteLinks { $0.hasPrefix(mark) && !kept.contains($0) }
            }
        } catch { first = error }
        // What can be removed is removed, whatever failed before. CNI 1.1.0, "GC".
        do throws(CNIError) { try request.ipamDelegate()?.collectGarbage() } catch { first = first ?? error }
        if let first { throw first }
    }

    private static func deleteLinks(_ isGarbage: (String) -> Bool) throws(CNIError) {
        try netlink { socket throws(NetlinkError) in
            let garbage = try socket.links().filter { $0.kind == "veth" && isGarbage($0.alias ?? "") }
            try delete(garbage, socket)
        }
    }

    /// One that has gone meanwhile is no error.
    private static func delete(_ links: [Link], _ socket: borrowing RouteSocket) throws(NetlinkError) {
        for link in links {
            do throws(NetlinkError) { try socket.perform(.deleteLink(.index(link.index))) } catch {
                if error.errno != .noDevice { throw error }
            }
        }
    }
}
