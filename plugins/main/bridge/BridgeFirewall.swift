import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Firewall

/// What the firewall must know of an attachment: elements of its sets, all added and taken away in one transaction.
struct BridgeFirewall {
    private let request: BridgeRequest
    private var configuration: Configuration { request.configuration }

    init(_ request: BridgeRequest) { self.request = request }

    /// Whether the configuration asks for anything.
    var isNeeded: Bool { addresses.isNeeded || configuration.checksMAC }

    private var addresses: AddressEntries {
        // Packets of a VLAN come and go by the link that has its gateway's address.
        AddressEntries(
            bridge: configuration.vlans.native.map { "\(configuration.bridge).\($0)" }
                ?? configuration.bridge,
            masquerades: configuration.masquerades, isIsolated: configuration.isIsolated,
            isInternal: configuration.isInternal)
    }

    var share: FirewallShare { FirewallShare(request, plugin: Bridge.name) }

    /// The elements of a result, whose interfaces are the bridge, the host's end and the container's.
    func entries(_ result: CNIResult) -> [Entry] {
        var entries = result.addresses(of: request.interface).flatMap {
            addresses.entries(of: $0.address.address)
        }
        if configuration.checksMAC, let port = port(of: result), let mac = mac(of: result) {
            entries += [.checkedPort(port), .portMAC(port, mac)]
        }
        return entries
    }

    /// Takes away what is the attachment's, also what only an earlier configuration asked for.
    func remove() throws(CNIError) -> Firewall? {
        let result = request.previousResult
        return try share.delete(
            result.map(entries), possible: result.map(possibleEntries) ?? [], isNeeded: isNeeded)
    }

    private func possibleEntries(_ result: CNIResult) -> [Entry] {
        result.addresses(of: request.interface).flatMap {
            addresses.possibleEntries(of: $0.address.address)
        } + (port(of: result).map { [.checkedPort($0)] } ?? [])
    }

    /// The host's end: the link of the host that is neither the bridge nor a VLAN's gateway.
    private func port(of result: CNIResult) -> String? {
        result.interfaces.first { $0.sandbox.isEmpty && $0.name.hasPrefix(VethPair.prefix) }?.name
    }

    private func mac(of result: CNIResult) -> MACAddress? {
        result.interfaces.first { $0.name == request.interface && !$0.sandbox.isEmpty }
            .flatMap { MACAddress($0.mac) }
    }

    /// Says what is missing, or puts it back where that is asked for.
    func check(_ result: CNIResult) throws(CNIError) { try share.check(entries(result)) }

    func collectGarbage() throws(CNIError) {
        try share.collectGarbage(isNeeded: isNeeded)
    }

    /// Whether somebody else's rules leave the containers without the way out they were promised.
    func status() throws(CNIError) {
        guard configuration.isGateway || isNeeded, !configuration.isInternal else { return }
        try FirewallShare.refuseForeignDrops(
            details: "let it accept packets from and to \(configuration.bridge), or change its policy")
    }
}
