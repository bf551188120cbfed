import Addressing
import CNISpec

/// Which addresses the bridge gets, and which routes the container: worked out of the address manager's answer.
struct GatewayPlan: Hashable {
    /// The bridge's addresses, one of each network the container has an address in.
    private(set) var bridgeAddresses: [IPPrefix] = []
    /// The answer with the container's interface named, its gateways and its default routes.
    private(set) var result: CNIResult

    /// `interface`: the container's among the result's interfaces.
    init(_ answer: CNIResult, _ configuration: Configuration, interface: Int) {
        result = answer
        for index in result.addresses.indices {
            result.addresses[index].interface = interface
            let address = result.addresses[index].address
            if configuration.isGateway, result.addresses[index].gateway == nil {
                result.addresses[index].gateway = address.network.first.advanced(by: 1)
            }
            guard let gateway = result.addresses[index].gateway else { continue }
            if configuration.isGateway, let prefix = IPPrefix(gateway, length: address.length),
                !bridgeAddresses.contains(prefix)
            {
                bridgeAddresses.append(prefix)
            }
            if configuration.isDefaultGateway { addDefaultRoute(through: gateway) }
        }
        // An internal network has no way out, so none is promised (Docker since 25).
        if configuration.isInternal { result.routes.removeAll { $0.destination.length == 0 } }
    }

    private mutating func addDefaultRoute(through gateway: IPAddress) {
        guard let everywhere = IPPrefix(gateway, length: 0)?.network else { return }
        let isThere = result.routes.contains { $0.destination == everywhere && $0.gateway != nil }
        if !isThere { result.routes.append(.init(everywhere, gateway: gateway)) }
    }
}
