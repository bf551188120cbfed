internal import Addressing
internal import CNISpec
internal import Kernel

/// Networks, the containers in them, their addresses and published ports, as a picture is made of them.
package struct NetworkGraph: Sendable {
    var host: String
    var networks: [Network]
    var containers: [Container]

    struct Network: Hashable {
        var name: String
        /// Driver, device and subnets.
        var details: [String]
    }

    /// A container that runs.
    struct Container: Hashable {
        var name: String
        var links: [Link]
        /// `0.0.0.0:80 -> 80/tcp`
        var ports: [String]
    }

    /// A container's interface in a network.
    struct Link: Hashable {
        var network: String
        /// Interface and addresses.
        var label: String
        /// Whether the default route goes there.
        var isWayOut: Bool
    }
}

extension NetworkGraph {
    /// What there is now.
    package init(_ environment: NetworkEnvironment) throws(EngineError) {
        host =
            (try? readText("/proc/sys/kernel/hostname").split(separator: "\n").first.map(String.init))
            ?? "host"
        networks = try NetworkStore(environment).networks().filter { !$0.isConfigurationOnly }.map(
            Network.init)
        containers = try NetworkUse(environment.paths).all().compactMap { user in
            Container(user, environment)
        }.sorted { $0.name < $1.name }
    }
}

extension NetworkGraph.Network {
    init(_ network: NetworkRecord) {
        name = network.name
        details = [network.driver == "bridge" ? "bridge \(network.bridgeName)" : network.driver]
        details += network.subnets.map { subnet in
            "\(subnet.subnet)" + (subnet.gateway.map { ", gateway \($0)" } ?? "")
        }
        if network.isInternal { details.append("internal") }
    }
}

extension NetworkGraph.Container {
    init?(_ user: NetworkUse.User, _ environment: NetworkEnvironment) {
        let record = user.record
        name = user.name
        ports = []
        switch record.request.mode {
        case .host: links = [.init(network: "host", label: "", isWayOut: false)]
        case .none: links = [.init(network: "none", label: "lo", isWayOut: false)]
        case .container: return nil
        case .networks:
            guard record.isRunning(user.id, environment.paths) else { return nil }
            links = record.endpoints.compactMap { entry in
                guard let attached = entry.attached else { return nil }
                let label = ([attached.interface] + attached.addresses.map { "\($0.address)" }).joined(
                    separator: " ")
                let isWayOut = record.way?.gateways.contains(where: attached.gateways.contains) ?? false
                return .init(network: entry.networkName, label: label, isWayOut: isWayOut)
            }
            let published = record.publisher == nil ? [] : record.ports
            ports = published.map { port in
                let address = port.hostIP.map { $0.family == .v6 ? "[\($0)]" : "\($0)" } ?? "*"
                return "\(address):\(port.hostPort) -> \(port.container)"
            }
        }
    }
}

extension NetworkGraph {
    /// A tree for a terminal.
    package var text: String {
        var lines = [host]
        for (index, network) in networks.enumerated() {
            let isLast = index == networks.count - 1
            lines.append(
                "\(isLast ? "└─" : "├─") \(network.name) (\(network.details.joined(separator: "; ")))")
            lines += branches(of: network).map { (isLast ? "   " : "│  ") + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func branches(of network: Network) -> [String] {
        let members = containers.filter { $0.links.contains { $0.network == network.name } }
        let width = members.map(\.name.count).max() ?? 0
        var lines: [String] = []
        for (index, container) in members.enumerated() {
            let isLast = index == members.count - 1
            for link in container.links where link.network == network.name {
                let name = container.name + String(repeating: " ", count: width - container.name.count)
                let way = link.isWayOut ? "  default route" : ""
                lines.append("\(isLast ? "└─" : "├─") \(name)  \(link.label)\(way)".trimmedEnd)
                // Ports lead to the interface the answers leave by.
                for port in link.isWayOut ? container.ports : [] {
                    lines.append("\(isLast ? "   " : "│  ")   \(port)")
                }
            }
        }
        return lines
    }

    /// A diagram in the words of Mermaid.
    package var mermaid: String {
        var lines = ["graph LR", "    host[\"\(host)\"]"]
        for (number, network) in networks.enumerated() {
            lines.append(
                "    n\(number)([\"\(([network.name] + network.details).joined(separator: "<br/>"))\"])")
            lines.append("    host --- n\(number)")
        }
        for (number, container) in containers.enumerated() {
            lines.append(
                "    c\(number)[\"\(([container.name] + container.ports).joined(separator: "<br/>"))\"]")
            for link in container.links {
                guard let network = networks.firstIndex(where: { $0.name == link.network }) else { continue }
                let line = link.isWayOut ? "===" : "---"
                lines.append(
                    "    n\(network) \(line)\(link.label.isEmpty ? "" : "|\"\(link.label)\"|") c\(number)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
