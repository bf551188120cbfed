import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// Leads the container's way out through the gateways it is told: stands behind plugins that make interfaces.
@main
struct WayOut: Plugin {
    /// The plugin's own key.
    struct Configuration: Sendable {
        /// At most one of each family; empty for those of the previous result.
        let gateways: [IPAddress]
    }

    static let name = "route"
    static let help = """
        Sets the default routes of a container's network namespace, one of each family, in place of those that are
        there and come back with DEL. Key, and capability of the same name:

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
        var result = try request.requiredPreviousResult()
        let routes = routes(request)
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            do throws(CNIError) {
                try defaultRoutes { present throws(NetlinkError) in
                    for route in routes { try present.set(route) }
                }
            } catch {
                // One family may have had its route. The first error is the one to tell.
                try? remove(request)
                throw error
            }
        }
        for route in routes { result.setDefaultRoute(route) }
        return result
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
            try remove(request)
        }
    }

    /// Removes the routes of this attachment; inside the container's network namespace.
    private static func remove(_ request: Request<Configuration>) throws(CNIError) {
        let gateways = routes(request).compactMap(\.gateway)
        // Without a result nobody says the gateways: then they are those which lead through the interface.
        let link = try netlink { socket throws(NetlinkError) in
            gateways.isEmpty ? try socket.linkIfPresent(.name(request.interface))?.index : nil
        }
        try defaultRoutes { present throws(NetlinkError) in
            for family in IPAddress.Family.allCases {
                try present.remove(family) { route in
                    route.gateway.map(gateways.contains) ?? false || route.link.map { $0 == link } ?? false
                }
            }
        }
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        let routes = routes(request)
        let missing = try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try defaultRoutes { present throws(NetlinkError) in
                var missing: [Route] = []
                for route in routes where try !present.isFirst(route) {
                    if request.repairs { try present.set(route) } else { missing.append(route) }
                }
                return missing
            }
        }
        guard let route = missing.first else { return }
        throw CNIError(
            .pluginSpecific, "the default route does not lead through \(route.gateway.map { "\($0)" } ?? "")",
            details: "another one is before it, or there is none")
    }

    // What is kept goes with the namespace.
    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {}
    static func status(_ request: Request<Configuration>) throws(CNIError) {}  // always ready

    /// The routes of this attachment.
    private static func routes(_ request: Request<Configuration>) -> [Route] {
        var gateways = request.configuration.gateways
        if gateways.isEmpty {
            let told = request.previousResult?.addresses(of: request.interface).compactMap(\.gateway) ?? []
            // Of several gateways of a family the first is the one.
            gateways = IPAddress.Family.allCases.compactMap { family in told.first { $0.family == family } }
        }
        return gateways.compactMap { DefaultRoutes.route(through: $0) }
    }
}

/// Works on the default routes of the namespace this process is in; a refusal becomes a ``CNIError``.
private func defaultRoutes<Value>(
    _ body: (borrowing DefaultRoutes) throws(NetlinkError) -> Value
) throws(CNIError) -> Value {
    do throws(NetlinkError) {
        let routes = try DefaultRoutes()
        return try body(routes)
    } catch { throw CNIError(.ioFailure, "\(error)") }
}

extension CNIResult {
    /// Puts the default route where the one it replaces stands; those of other tables and metrics stay.
    fileprivate mutating func setDefaultRoute(_ route: Netlink.Route) {
        let usual = DefaultRoutes.usualMetric(route.destination.family)
        let replaced = routes.indices.filter { index in
            let old = routes[index]
            return old.destination == route.destination && old.table ?? Netlink.Route.mainTable == route.table
                && old.priority ?? usual == usual
        }
        let new = Route(route.destination, gateway: route.gateway)
        guard let first = replaced.first else { return routes.append(new) }
        if routes[first].gateway != new.gateway { routes[first] = new }
        for index in replaced.dropFirst().reversed() { routes.remove(at: index) }
    }
}
