import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// Leads the container's way out through the gateways it is told: stands behind plugins that make interfaces, or alone.
@main
struct DefaultRoutes: Plugin {
    /// The plugin's own key.
    struct Configuration: Sendable {
        /// At most one of each family; empty for those of the previous result.
        let gateways: [IPAddress]
    }

    static let name = "route"
    static let help = """
        Sets the default routes of a container's network namespace, one of each family, in place of those that are
        there. Key, and capability of the same name:

          gateways  addresses, at most one of a family; without it those the previous result has for the interface
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration {
        let capabilities = RuntimeConfiguration(try reader.optional("runtimeConfig"))
        let (given, configured) = (try capabilities.value("gateways"), try reader.optional("gateways"))
        var gateways: [IPAddress] = []
        for element in try (given ?? configured)?.elements() ?? [] {
            let gateway = try element.ipAddress()
            if gateways.contains(where: { $0.family == gateway.family }) {
                throw element.notAllowed("a second gateway of IPv\(gateway.family.rawValue)")
            }
            gateways.append(gateway)
        }
        return Configuration(gateways: gateways)
    }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        let routes = routes(request)
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                try socket.perform(routes.map { .replaceRoute($0) })
            }
        }
        var result = request.previousResult ?? CNIResult()
        result.routes.removeAll { old in
            routes.contains { $0.destination == old.destination }
        }
        result.routes += routes.map { CNIResult.Route($0.destination, gateway: $0.gateway) }
        return result
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        let routes = routes(request)
        try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                for route in routes { try socket.removeIfPresent(route) }
            }
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let routes = routes(request)
        let missing = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try netlink { socket throws(NetlinkError) in
                var missing: [Route] = []
                for route in routes where try !socket.isFirst(route) { missing.append(route) }
                if request.repairs { try socket.perform(missing.map { .replaceRoute($0) }) }
                return request.repairs ? [] : missing
            }
        }
        guard let route = missing.first else { return }
        throw CNIError(
            .pluginSpecific, "the default route does not lead through \(route.gateway.map { "\($0)" } ?? "")",
            details: "another one is before it, or there is none")
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}  // keeps nothing
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready

    /// The routes of this attachment.
    private static func routes(_ request: Request<Configuration>) -> [Route] {
        var gateways = request.configuration.gateways
        if gateways.isEmpty {
            let told = request.previousResult?.addresses(of: request.interface).compactMap(\.gateway) ?? []
            // Of several gateways of a family the first is the one.
            gateways = IPAddress.Family.allCases.compactMap { family in told.first { $0.family == family } }
        }
        return gateways.compactMap { gateway in
            IPPrefix(gateway, length: 0).map { Route($0.network, via: gateway) }
        }
    }
}

extension RouteSocket {
    /// Whether the route is the one packets take.
    fileprivate borrowing func isFirst(_ route: Route) throws(NetlinkError) -> Bool {
        let candidates = try routes(route.destination.family).filter {
            $0.destination.length == 0 && $0.kind == .unicast
        }
        return candidates.min { $0.metric ?? 0 < $1.metric ?? 0 }?.gateway == route.gateway
    }

    /// Removes a route; one that went with its link is none.
    fileprivate borrowing func removeIfPresent(_ route: Route) throws(NetlinkError) {
        do throws(NetlinkError) { try perform(.deleteRoute(route)) } catch {
            guard [.noProcess, .networkUnreachable, .noDevice].contains(error.errno) else { throw error }
        }
    }
}
