import Addressing
import CNIPlugin
import CNISpec
import Firewall
import JSON
import Kernel
import Netlink

/// The mappings of one attachment, and what they need of this host.
struct Publishing {
    private let request: Request<Keys>
    private let mappings: [PortMapping]
    private let addresses: [IPAddress]
    private let targets: [Plan.Target]
    private let plan: Plan
    private var share: FirewallShare { FirewallShare(request, plugin: Portmap.name) }

    init(_ request: Request<Keys>, _ result: CNIResult) throws(CNIError) {
        self.request = request
        mappings = try decoding { () throws(JSONError) in try request.runtimeConfig.portMappings() }
        let addresses = result.addresses(of: request.interface).map(\.address.address)
        // Of several addresses of a family the first is the one, as with the reference.
        self.addresses = IPAddress.Family.allCases.compactMap { family in
            addresses.first { $0.family == family }
        }
        targets = mappings.isEmpty ? [] : try Self.targets(self.addresses, request.configuration)
        plan = try Plan(mappings, to: targets, request.configuration)
    }

    private static func targets(_ addresses: [IPAddress], _ keys: Keys) throws(CNIError) -> [Plan.Target] {
        guard keys.masquerades else { return addresses.map { Plan.Target(address: $0, interface: nil) } }
        return try netlink { socket throws(NetlinkError) in
            var targets: [Plan.Target] = []
            for address in addresses {
                targets.append(
                    Plan.Target(address: address, interface: try socket.linkName(towards: address)))
            }
            return targets
        }
    }

    func add() throws(CNIError) {
        for mapping in plan.unserved {
            let family = mapping.hostIP.map { "IPv\($0.family.rawValue) address" } ?? "address"
            note("\(Portmap.name): port \(mapping.hostPort) leads nowhere: the container has no \(family)")
        }
        guard !plan.entries.isEmpty else { return }
        if let holder = try PortHolder.first(of: plan.publications, containerID: request.containerID) {
            // Of a container and the program that keeps the port for it, the container is the one to name.
            try share.refuseTaken(plan.entries)
            throw holder.refusal
        }
        // The rule which keeps everybody else off the loopback is there before the kernel lets them come.
        try share.add(plan.entries)
        do throws(CNIError) { for setting in loopbackSettings { try setting.ensure("1") } } catch {
            _ = try? share.delete(plan.entries)  // the first error is the one to tell
            throw error
        }
        forgetConnections(before: plan.publications)
    }

    func check() throws(CNIError) {
        try share.check(plan.entries)
        for setting in loopbackSettings {
            if request.repairs { try setting.ensure("1") }
            guard let value = try setting.value(), value != "1" else { continue }
            throw CNIError(
                .pluginSpecific, "net.\(setting.name) is \(value), not 1",
                details: "published ports are not reached by 127.0.0.1")
        }
    }

    /// What ADD has added; nil when the links it went by cannot be told any more.
    var deletableEntries: [Entry]? {
        guard request.configuration.masquerades else { return mappings.isEmpty ? nil : plan.entries }
        return targets.contains { $0.interface == nil } ? nil : plan.entries
    }

    /// Elements of an ADD with other keys or ports.
    var signs: [Entry] {
        addresses.flatMap { [Entry.itself($0), .masqueradeClients($0)] }
    }

    private var loopbackSettings: [NetworkSetting] {
        Plan.loopbackLinks(mappings, to: targets, request.configuration)
            .map { NetworkSetting("ipv4", $0, "route_localnet") }
    }
}

extension RouteSocket {
    /// The link which has `address` next to it; nil when there is none, or a gateway in between.
    fileprivate borrowing func linkName(towards address: IPAddress) throws(NetlinkError) -> String? {
        do throws(NetlinkError) {
            let route = try route(to: address)
            guard route.kind == .unicast, route.gateway == nil, let link = route.link else { return nil }
            return try linkIfPresent(.index(link))?.name
        } catch {
            if [.networkUnreachable, .hostUnreachable].contains(error.errno) { return nil }
            throw error
        }
    }
}
