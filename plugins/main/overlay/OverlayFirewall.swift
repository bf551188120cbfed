import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import Firewall
import OverlayControl

/// What the firewall must know of an attachment: elements of its sets, all added and taken away in one transaction.
struct OverlayFirewall {
    private let request: OverlayRequest
    private var keys: Keys { request.configuration }

    init(_ request: OverlayRequest) { self.request = request }

    /// Whether the configuration asks for anything.
    var isNeeded: Bool { addresses(on: "").isNeeded }

    private func addresses(on bridge: String) -> AddressEntries {
        AddressEntries(
            bridge: bridge, masquerades: keys.masquerades, isIsolated: keys.isIsolated,
            isInternal: keys.network.isInternal)
    }

    var share: FirewallShare { FirewallShare(request, plugin: Overlay.name) }

    /// The elements of a result, whose first interface is the bridge; nil when it has none.
    func entries(_ result: CNIResult) -> [Entry]? { elements(result) { $0.entries(of: $1) } }

    private func elements(
        _ result: CNIResult, _ elements: (AddressEntries, IPAddress) -> [Entry]
    ) -> [Entry]? {
        guard let bridge = result.interfaces.first, bridge.sandbox.isEmpty else { return nil }
        let addresses = addresses(on: bridge.name)
        return result.addresses(of: request.interface).flatMap { elements(addresses, $0.address.address) }
    }

    /// Takes away what is the attachment's, also what only an earlier configuration asked for.
    func remove() throws(CNIError) -> Firewall? {
        let result = request.previousResult
        let possible = result.flatMap { elements($0) { $0.possibleEntries(of: $1) } }
        return try share.delete(
            result.flatMap(entries), possible: possible ?? [], isNeeded: isNeeded)
    }

    /// Says what is missing, or puts it back where that is asked for.
    func check(_ result: CNIResult) throws(CNIError) { try share.check(entries(result) ?? []) }

    func collectGarbage() throws(CNIError) {
        try share.collectGarbage(isNeeded: isNeeded)
    }

    /// Whether somebody else's rules leave the containers without the way out they were promised.
    func status() throws(CNIError) {
        guard !keys.network.isInternal else { return }
        try FirewallShare.refuseForeignDrops(
            details: "let it accept packets from and to the links ov-*, or change its policy")
    }
}
