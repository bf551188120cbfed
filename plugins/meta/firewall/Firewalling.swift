import Addressing
import CNIPlugin
import CNISpec
import Firewall
import JSON
import Netlink

/// Who may reach the container's addresses: the plugin `firewall`, chained behind one that makes the interface.
@main
struct Firewalling: Plugin {
    static let name = "firewall"
    static let help = """
        Says who may reach the container; stands behind a plugin that makes the interface. Keys:

          ingressPolicy  "open" (default), "same-bridge": no traffic from other bridges, "isolated": nor from the
                         container's own; published ports are reached all the same
          backend        "nftables", "iptables" or nothing: the rules are elements of nftables sets in any case
        """
    /// The reference has none below 0.4.0 either, because DEL has no result there.
    static let supportedVersions = CNIVersion.allCases.filter { $0 >= .v0_4_0 }

    static func decode(_ reader: JSONReader) throws(JSONError) -> Policy { try Policy(reader) }

    static func add(_ request: Request<Policy>) throws(CNIError) -> CNIResult {
        let result = try previousResult(request)
        let share = FirewallShare(request, plugin: name)
        let entries = try entries(request, result)
        try share.add(entries)
        do throws(CNIError) {
            if request.configuration == .isolated { try setPort(isolated: true, result) }
        } catch {
            _ = try? share.delete(entries)  // the first error is the one to tell
            throw error
        }
        return result
    }

    static func delete(_ request: Request<Policy>) throws(CNIError) {
        var errors = FirstError()
        var firewall: Firewall?
        errors.attempt { () throws(CNIError) in
            // Without a result all that is this attachment's is looked for.
            let entries = request.previousResult.flatMap { try? Self.entries(request, $0) }
            let addresses = request.previousResult?.addresses(of: request.interface) ?? []
            firewall = try FirewallShare(request, plugin: name).delete(
                entries, possible: addresses.map { .sameBridge($0.address.address) },
                isNeeded: request.configuration != .open)
        }
        errors.attempt { () throws(CNIError) in
            guard request.configuration == .isolated, let result = request.previousResult else { return }
            try setPort(isolated: false, result)
        }
        _ = consume firewall
        try errors.throwIfAny()
    }

    static func check(_ request: Request<Policy>) throws(CNIError) {
        let result = try previousResult(request)
        try FirewallShare(request, plugin: name).check(try entries(request, result))
        guard request.configuration == .isolated, let port = try port(of: result) else { return }
        if port.port?.isIsolated == true { return }
        guard request.repairs else {
            throw CNIError(.init(rawValue: 100), "\(port.name) is not isolated any more")
        }
        try setPort(isolated: true, result)
    }

    static func collectGarbage(_ request: Request<Policy>) throws(CNIError) {
        try FirewallShare(request, plugin: name).collectGarbage()
    }

    static func status(_ request: Request<Policy>) throws(CNIError) {
        try FirewallShare.refuseForeignDrops(
            details: "let it accept packets from and to the containers' bridges, or change its policy")
    }
}

extension Firewalling {
    private static func previousResult(_ request: Request<Policy>) throws(CNIError) -> CNIResult {
        guard let result = request.previousResult else {
            throw CNIError(
                .invalidConfiguration, "missing prevResult from earlier plugin",
                details: "put a plugin that makes the interface before firewall")
        }
        return result
    }

    private static func entries(
        _ request: Request<Policy>, _ result: CNIResult
    ) throws(CNIError) -> [Entry] {
        guard request.configuration != .open else { return [] }
        let bridge = try bridge(of: result)
        return result.addresses(of: request.interface).flatMap { address -> [Entry] in
            let address = address.address.address
            return [.sameBridge(address), .sameBridgeHome(address, bridge: bridge)]
        }
    }

    /// The bridge among the host's links of the result; in a DEL it may have gone, and then is the first of them.
    private static func bridge(of result: CNIResult) throws(CNIError) -> String {
        let links = result.interfaces.filter { $0.sandbox.isEmpty }.map(\.name)
        let found = try netlink { socket throws(NetlinkError) -> String? in
            for name in links where try socket.linkIfPresent(.name(name))?.kind == "bridge" { return name }
            return nil
        }
        guard let bridge = found ?? links.first else {
            throw CNIError(
                .invalidConfiguration, "prevResult has no bridge",
                details: "ingressPolicy needs a plugin before firewall that connects the container to one")
        }
        return bridge
    }

    /// The host's end of the container's link: the result's link of the host that is a port of a bridge.
    private static func port(of result: CNIResult) throws(CNIError) -> Link? {
        try netlink { socket throws(NetlinkError) -> Link? in
            for interface in result.interfaces where interface.sandbox.isEmpty {
                if let link = try socket.linkIfPresent(.name(interface.name)), link.port != nil {
                    return link
                }
            }
            return nil
        }
    }

    /// Between ports of one bridge no packet passes the rules: the bridge itself keeps them apart.
    private static func setPort(isolated: Bool, _ result: CNIResult) throws(CNIError) {
        guard let port = try port(of: result) else { return }
        try netlink { socket throws(NetlinkError) in
            try socket.perform(.setPort(.index(port.index), [.isolated(isolated)]))
        }
    }
}
