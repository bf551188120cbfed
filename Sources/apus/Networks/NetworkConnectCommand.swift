import ArgumentParser
import Engine

/// Attaches a container to a network, whether it runs or not.
struct NetworkConnectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect", abstract: "Connect a container to a network.")

    @OptionGroup var places: Places
    @Option(
        name: .customLong("alias"), help: ArgumentHelp("A further name in the network.", valueName: "name"))
    var aliases: [String] = []
    @Option(help: ArgumentHelp("IPv4 address.", valueName: "address"))
    var ip: String?
    @Option(help: ArgumentHelp("IPv6 address.", valueName: "address"))
    var ip6: String?
    @Option(name: .customLong("mac-address"), help: ArgumentHelp("MAC address.", valueName: "address"))
    var mac: String?
    @Option(
        name: .customLong("link"),
        help: ArgumentHelp("Know another container by a name.", valueName: "container[:alias]"))
    var links: [String] = []
    @Option(
        name: .customLong("gw-priority"), parsing: .unconditional,
        help: ArgumentHelp("The network with the highest one has the default route.", valueName: "number"))
    var gatewayPriority: String?
    @Option(
        name: .customLong("driver-opt"),
        help: ArgumentHelp("com.docker.network.endpoint.ifname=NAME", valueName: "key=value"))
    var driverOptions: [String] = []
    @Option(name: .customLong("link-local-ip"), help: .hidden)
    var linkLocal: [String] = []
    @Argument(help: "A network's name or ID.")
    var network: String
    @Argument(help: "A container's name or ID.")
    var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard linkLocal.isEmpty else { throw EngineError("--link-local-ip is not supported", .invalid) }
        let record = try engine.find(container)
        // The fields of the long form of --network, which knows what each may be.
        var fields =
            ["name=\(network)"] + aliases.map { "alias=\($0)" } + driverOptions.map { "driver-opt=\($0)" }
        for (key, value) in [
            ("ip", ip), ("ip6", ip6), ("mac-address", mac), ("gw-priority", gatewayPriority),
        ] {
            if let value { fields.append("\(key)=\(value)") }
        }
        var request = try EndpointRequest(fields: fields)
        for link in links { request.links.append(try engine.link(link)) }
        try Sandbox(engine.networkEnvironment, containerID: record.id).connect(request)
        return 0
    }
}

/// Detaches a container from a network.
struct NetworkDisconnectCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "disconnect", abstract: "Disconnect a container from a network.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .long], help: "Forget the connection even when it cannot be taken away.")
    var force = false
    @Argument(help: "A network's name or ID.")
    var network: String
    @Argument(help: "A container's name or ID.")
    var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let record = try engine.find(container)
        try Sandbox(engine.networkEnvironment, containerID: record.id).disconnect(network, force: force)
        return 0
    }
}
