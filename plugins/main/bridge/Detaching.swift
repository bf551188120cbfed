import CNIPlugin
import CNISpec
import ContainerLink
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
        // Closing a netfilter socket waits for the kernel's grace period: it is closed last, when that is over.
        var firewall: Firewall?
        errors.attempt { () throws(CNIError) in firewall = try BridgeFirewall(request).remove() }
        var manager: StartedIPAM?
        var start = FirstError()
        start.attempt { () throws(CNIError) in manager = try request.ipamDelegate()?.start(.delete) }
        // The link goes before its addresses are given back: nobody is to get one that still answers. The kernel takes
        // its time for it, in which the address manager starts.
        errors.attempt { () throws(CNIError) in try LinkRemoval.remove(of: request) }
        errors.attempt { () throws(CNIError) in
            try start.throwIfAny()
            try manager.take()?.delete()
        }
        _ = consume firewall
        try errors.throwIfAny()
    }

    static func collectGarbage(_ request: BridgeRequest) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        var errors = FirstError()
        errors.attempt { () throws(CNIError) in
            try LinkRemoval.collectGarbage(network: request.network, valid: valid)
        }
        errors.attempt { () throws(CNIError) in
            if valid.isEmpty, request.configuration.removesEmptyBridge {
                try deleteEmptyBridge(request.configuration)
            }
        }
        errors.attempt { () throws(CNIError) in try BridgeFirewall(request).collectGarbage() }
        errors.attempt { () throws(CNIError) in try request.ipamDelegate()?.collectGarbage() }
        try errors.throwIfAny()
    }

    /// A bridge with ports is somebody else's, too. That of the network's own gateway is none, and goes with the bridge.
    private static func deleteEmptyBridge(_ configuration: Configuration) throws(CNIError) {
        try netlink { socket throws(NetlinkError) in
            let links = try socket.links()
            let gateway = VLANGateway(configuration).name(on: configuration.bridge).flatMap { name in
                links.first { $0.name == name && $0.kind == "veth" }
            }
            guard
                let bridge = links.first(where: {
                    $0.name == configuration.bridge && $0.kind == "bridge"
                }), !links.contains(where: { $0.master == bridge.index && $0.index != gateway?.peer })
            else { return }
            try LinkRemoval.delete([gateway, bridge].compactMap { $0 }, socket)
        }
    }
}
