import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Firewall
import JSON
import Kernel
import Netlink

/// ADD: from the bridge on the host to a container that is reachable.
struct Attaching {
    private let request: BridgeRequest
    private var configuration: Configuration { request.configuration }

    init(_ request: BridgeRequest) { self.request = request }

    func run() throws(CNIError) -> CNIResult {
        let manager = try request.ipamDelegate()
        // Its start, a third of the whole work, goes on beside the making of the links.
        let started: StartedIPAM? = if let manager { try manager.start(.add) } else { nil }
        let socket = try routing { () throws(NetlinkError) in try RouteSocket() }
        // A port whose MAC address is checked must have one that is known before the first packet.
        let mac = try InterfaceMAC(request).address ?? (configuration.checksMAC ? .random() : nil)
        let bridge = try BridgeDevice(configuration: configuration).ensure(socket)
        var undo = UndoStack()
        // Before the addresses: an interface that exists already must not cost its owner the ones he has.
        let pair = try makePair(bridge, mac, socket, &undo)
        let answer = try addresses(manager, started, &undo)
        try refuseShortPackets(answer)
        let derived = mac == nil ? derivedMAC(answer) : nil
        let container = CNIResult.Interface(
            name: request.interface, mac: (mac ?? derived)?.description ?? "",
            sandbox: request.networkNamespace)
        var result = CNIResult(
            interfaces: [CNIResult.Interface(bridge), CNIResult.Interface(pair.host), container],
            addresses: answer.addresses, routes: answer.routes,
            dns: configuration.dns.isEmpty ? answer.dns : configuration.dns)
        let plan = GatewayPlan(result, configuration, interface: 2)
        result = plan.result
        if let gateway = try VLANGateway(configuration).link(of: bridge, socket) {
            try giveAddresses(plan, to: gateway, socket)
            result.interfaces.append(.init(gateway))
        } else {
            try giveAddresses(plan, to: bridge, socket)
        }
        try openFirewall(for: result, &undo)
        let link = try configureContainer(pair, derived, result, socket)
        result.interfaces[2].mac = link.mac?.description ?? ""
        result.interfaces[2].mtu = link.mtu
        undo.keep()
        return result
    }

    private func makePair(
        _ bridge: Link, _ mac: MACAddress?, _ socket: borrowing RouteSocket, _ undo: inout UndoStack
    ) throws(CNIError) -> VethPair {
        let pair = try VethPair.make(wish(bridge, mac), in: request.networkNamespace, socket)
        undo.push {
            // What is left is found by its alias, by DEL or GC.
            try? netlink { socket throws(NetlinkError) in
                try socket.perform(.deleteLink(.index(pair.host.index)))
            }
        }
        let vlans = configuration.vlans
        if vlans.isUsed {
            try routing { () throws(NetlinkError) in
                try socket.perform(vlans.requests(for: pair.host.index))
            }
        }
        return pair
    }

    private func giveAddresses(
        _ plan: GatewayPlan, to link: Link, _ socket: borrowing RouteSocket
    ) throws(CNIError) {
        try GatewayAddresses(link: link, forces: configuration.forceAddress)
            .ensure(plan.bridgeAddresses, socket)
    }

    /// Before the container can be reached: what is to be kept out is kept out from the first packet.
    private func openFirewall(for result: CNIResult, _ undo: inout UndoStack) throws(CNIError) {
        let wanted = BridgeFirewall(request)
        guard wanted.isNeeded else { return }
        let entries = wanted.entries(result)
        try wanted.share.add(entries)
        // What is left is found by its owner, by DEL or GC.
        undo.push { _ = try? wanted.share.delete(entries) }
    }

    /// The address manager's answer; what it gave is given back when a later step fails.
    private func addresses(
        _ manager: IPAMDelegate?, _ started: consuming StartedIPAM?, _ undo: inout UndoStack
    ) throws(CNIError) -> CNIResult {
        guard let manager, let started else { return CNIResult() }
        let answer = try started.add()
        undo.push {
            do throws(CNIError) { try manager.delete() } catch {
                note("bridge: cannot give the addresses back: \(error)")
            }
        }
        return answer
    }

    private func wish(_ bridge: Link, _ mac: MACAddress?) -> VethPair.Wish {
        var ports: [RouteRequest.PortSetting] = []
        if configuration.isHairpin { ports.append(.hairpin(true)) }
        if configuration.isPortIsolated { ports.append(.isolated(true)) }
        return VethPair.Wish(
            bridge: bridge, mtu: configuration.mtu ?? bridge.mtu, interface: request.interface, mac: mac,
            owner: LinkOwner(network: request.network, request.attachment), ports: ports)
    }

    /// The kernel takes no IPv6 address where packets may be this short, and does not say why.
    private func refuseShortPackets(_ answer: CNIResult) throws(CNIError) {
        guard let mtu = configuration.mtu, mtu < 1280,
            let address = answer.addresses.map(\.address).first(where: { $0.family == .v6 })
        else { return }
        throw CNIError(
            .invalidConfiguration, "mtu is \(mtu), and IPv6 needs 1280 or more",
            details: "the address is \(address)")
    }

    /// The MAC address made of the container's address; known only now, when the link is there already.
    private func derivedMAC(_ answer: CNIResult) -> MACAddress? {
        guard configuration.derivesMAC else { return nil }
        return answer.addresses.map(\.address.address).first { $0.family == .v4 }.map { MACAddress($0) }
    }

    private func configureContainer(
        _ pair: VethPair, _ mac: MACAddress?, _ result: CNIResult, _ socket: borrowing RouteSocket
    ) throws(CNIError) -> Link {
        let interface = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            let interface = try ContainerInterface(
                name: request.interface, index: pair.containerIndex,
                detectsDuplicates: configuration.detectsDuplicates)
            if !configuration.leavesInterfaceDown { try interface.prepare(result) }
            return interface
        }
        if configuration.leavesInterfaceDown { return try interface.link() }
        let link = try interface.configure(result, mac)
        try pair.waitForPort(socket)
        if interface.detectsDuplicates { try interface.waitForDetection() }
        if !result.addresses.isEmpty { try interface.announce(link) }
        return link
    }
}
