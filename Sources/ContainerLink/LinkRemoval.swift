package import CNIPlugin
package import CNISpec
internal import Kernel
package import Netlink

/// Takes the links of a network's containers away, also when a namespace has gone.
package struct LinkRemoval {
    /// Deletes the pair of an attachment, as far as it is there.
    ///
    /// The container's interface leads to the host's end; of a lost namespace, only the host's end tells its owner.
    package static func remove<Configuration>(of request: Request<Configuration>) throws(CNIError) {
        let name = request.interface
        let inside = try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }
        }
        let alias = LinkOwner(network: request.network, request.attachment).alias
        guard case let link?? = inside, link.kind == "veth", let peer = link.peer else {
            return try deleteLinks { $0 == alias }
        }
        try netlink { socket throws(NetlinkError) in
            // The number means this link only if that leads back.
            guard let host = try socket.linkIfPresent(.index(peer)), host.kind == "veth",
                host.peer == link.index
            else { return }
            // A namespace whose path somebody else has by now has an interface of the same name.
            guard !LinkOwner.isOwned(host.alias) || host.alias == alias else { return }
            try delete([host], socket)
        }
    }

    /// Deletes the pairs of a network which belong to none of `valid`.
    package static func collectGarbage(network: String, valid: Set<Attachment>) throws(CNIError) {
        guard let mark = LinkOwner.mark(of: network) else { return }
        let kept = Set(valid.map { LinkOwner(network: network, $0).alias })
        try deleteLinks { $0.hasPrefix(mark) && !kept.contains($0) }
    }

    private static func deleteLinks(_ isGarbage: (String) -> Bool) throws(CNIError) {
        try netlink { socket throws(NetlinkError) in
            let garbage = try socket.links().filter { $0.kind == "veth" && isGarbage($0.alias ?? "") }
            try delete(garbage, socket)
        }
    }

    /// One that has gone meanwhile is no error.
    package static func delete(
        _ links: [Link], _ socket: borrowing RouteSocket
    ) throws(NetlinkError) {
        for link in links { try socket.perform([.deleteLink(.index(link.index))], ignoring: .noDevice) }
    }
}
