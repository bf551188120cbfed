import CNIPlugin
import CNISpec
import Firewall
import JSON
import Kernel
import Netlink

/// DEL and GC: takes away what ADD made, also when the namespace, the result or half of it has gone.
struct Detaching {
    private let request: BridgeRequest

    init(_ request: BridgeRequest) { self.request = request }

    func run() throws(CNIError) {
        var errors = FirstError()
        let wanted = BridgeFirewall(request)
        let entries = request.previousResult.map(wanted.entries)
        // Closing a netfilter socket waits for the kernel's grace period: it is closed last, when that is over.
        var firewall: Firewall?
        errors.attempt { () throws(CNIError) in
            guard wanted.isNeeded else { return }
            firewall = try wanted.share.delete(entries)
        }
        var manager: StartedIPAM?
        var start = FirstError()
        start.attempt { () throws(CNIError) in manager = try request.ipamDelegate()?.start(.delete) }
        // The link goes before its addresses are given back: nobody is to get one that still answers. The kernel takes
        // its time for it, in which the address manager starts.
        errors.attempt { () throws(CNIError) in try deleteLink() }
        errors.attempt { () throws(CNIError) in
            try start.throwIfAny()
            try manager.take()?.delete()
        }
        _ = consume firewall
        try errors.throwIfAny()
    }

    /// The container's interface leads to the host's end; of a lost namespace, only the host's end tells its owner.
    private func deleteLink() throws(CNIError) {
        let name = request.interface
        let inside = try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }
        }
        let alias = LinkOwner(network: request.network, request.attachment).alias
        guard case let link?? = inside, link.kind == "veth", let peer = link.peer else {
            return try Self.deleteLinks { $0 == alias }
        }
        try netlink { socket throws(NetlinkError) in
            // The number means this link only if that leads back.
            guard let host = try socket.linkIfPresent(.index(peer)), host.kind == "veth",
                host.peer == link.index
            else { return }
            // A namespace whose path somebody else has by now has an interface of the same name.
            guard !LinkOwner.isOwned(host.alias) || host.alias == alias else { return }
            try Self.delete([host], socket)
        }
    }

    static func collectGarbage(_ request: BridgeRequest) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        var errors = FirstError()
        errors.attempt { () throws(CNIError) in
            guard let mark = LinkOwner.mark(of: request.network) else { return }
            let kept = Set(valid.map { LinkOwner(network: request.network, $0).alias })
            try deleteLinks { $0.hasPrefix(mark) && !kept.contains($0) }
        }
        errors.attempt { () throws(CNIError) in
            if valid.isEmpty, request.configuration.removesEmptyBridge {
                try deleteEmptyBridge(request.configuration.bridge)
            }
        }
        errors.attempt { () throws(CNIError) in try BridgeFirewall(request).collectGarbage() }
        errors.attempt { () throws(CNIError) in try request.ipamDelegate()?.collectGarbage() }
        try errors.throwIfAny()
    }

    /// A bridge with ports is somebody else's, too.
    private static func deleteEmptyBridge(_ name: String) throws(CNIError) {
        try netlink { socket throws(NetlinkError) in
            let links = try socket.links()
            guard let bridge = links.first(where: { $0.name == name && $0.kind == "bridge" }),
                !links.contains(where: { $0.master == bridge.index })
            else { return }
            try delete([bridge], socket)
        }
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
