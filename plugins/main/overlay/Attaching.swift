import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Kernel
import Netlink
import OverlayControl

/// ADD: from the record to a container that is reachable from all hosts of the network.
struct Attaching {
    private let request: OverlayRequest
    private var keys: Keys { request.configuration }

    init(_ request: OverlayRequest) { self.request = request }

    func run() throws(CNIError) -> CNIResult {
        let wishes = try Wishes(request)
        // The record of an attachment that is there already must not be lost when this one fails.
        try refuseSecond()
        var undo = UndoStack()
        let assignment = try register(wishes, &undo)
        try wishes.check(assignment)
        let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
        let bridge = try routing { () throws(NetlinkError) in try socket.link(.name(assignment.bridge)) }
        let pair = try makePair(bridge, assignment, socket, &undo)
        var result = result(bridge, pair.host, assignment)
        try openFirewall(for: result, &undo)
        let link = try configureContainer(pair, result, socket)
        result.interfaces[2].mtu = link.mtu
        undo.keep()
        return result
    }

    private func refuseSecond() throws(CNIError) {
        let name = request.interface
        let present = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in try socket.linkIfPresent(.name(name)) }
        }
        guard present == nil else {
            throw CNIError(
                .invalidEnvironment, "an interface \(name) already exists in the container",
                details: "CNI_IFNAME is \"\(name)\", which \(request.networkNamespace) has already")
        }
    }

    private func register(_ wishes: Wishes, _ undo: inout UndoStack) throws(CNIError) -> OverlayAssignment {
        let registration = Registration(request)
        undo.push {
            do throws(CNIError) { try registration.remove() } catch {
                note("overlay: cannot take the record away: \(error)")
            }
        }
        return try registration.add(registration.record(wishes))
    }

    private func makePair(
        _ bridge: Link, _ assignment: OverlayAssignment, _ socket: borrowing RouteSocket,
        _ undo: inout UndoStack
    ) throws(CNIError) -> VethPair {
        let wish = VethPair.Wish(
            bridge: bridge, mtu: assignment.mtu, interface: request.interface, mac: assignment.mac,
            owner: LinkOwner(network: request.network, request.attachment))
        let pair = try VethPair.make(wish, in: request.networkNamespace, socket)
        undo.push {
            // What is left is found by its alias, by DEL or GC.
            try? netlink { socket throws(NetlinkError) in
                try socket.perform(.deleteLink(.index(pair.host.index)))
            }
        }
        return pair
    }

    private func result(_ bridge: Link, _ host: Link, _ assignment: OverlayAssignment) -> CNIResult {
        let container = CNIResult.Interface(
            name: request.interface, mac: "\(assignment.mac)", sandbox: request.networkNamespace)
        var result = CNIResult(
            interfaces: [.init(bridge), .init(host), container],
            addresses: [.init(assignment.address, interface: 2, gateway: assignment.gateway)], dns: keys.dns)
        if let address = assignment.address6 {
            result.addresses.append(.init(address, interface: 2, gateway: assignment.gateway6))
        }
        // An internal network has no way out, so none is promised.
        if !keys.network.isInternal {
            for gateway in result.addresses.compactMap(\.gateway) {
                guard let everywhere = IPPrefix(gateway, length: 0)?.network else { continue }
                result.routes.append(.init(everywhere, gateway: gateway))
            }
        }
        return result
    }

    /// Before the container can be reached: what is to be kept out is kept out from the first packet.
    private func openFirewall(for result: CNIResult, _ undo: inout UndoStack) throws(CNIError) {
        let wanted = OverlayFirewall(request)
        guard wanted.isNeeded, let entries = wanted.entries(result) else { return }
        try wanted.share.add(entries)
        // What is left is found by its owner, by DEL or GC.
        undo.push { _ = try? wanted.share.delete(entries) }
    }

    private func configureContainer(
        _ pair: VethPair, _ result: CNIResult, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link {
        let interface = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            let interface = try ContainerInterface(
                name: request.interface, index: pair.containerIndex, detectsDuplicates: false)
            try interface.prepare(result)
            return interface
        }
        let link = try interface.configure(result, nil)
        try pair.waitForPort(socket)
        try interface.announce(link)
        return link
    }
}
