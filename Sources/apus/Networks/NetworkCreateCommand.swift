import ArgumentParser
import Engine

/// Makes a network.
struct NetworkCreateCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a network.",
        discussion: """
            A driver is any program in a plugin directory; --opt KEY=VALUE are its keys. The networks of the driver overlay are \
            shared by several hosts: docs/overlay.md.
            """)

    @OptionGroup var places: Places
    @Option(name: [.short, .long], help: "The program that connects containers to the network.")
    var driver = "bridge"
    @Option(
        name: .customLong("subnet"),
        help: ArgumentHelp("A subnet; one for each family or more.", valueName: "prefix"))
    var subnets: [String] = []
    @Option(
        name: .customLong("gateway"), help: ArgumentHelp("The gateway of a subnet.", valueName: "address"))
    var gateways: [String] = []
    @Option(
        name: .customLong("ip-range"),
        help: ArgumentHelp("The part of a subnet containers get addresses of.", valueName: "prefix"))
    var ranges: [String] = []
    @Option(
        name: .customLong("aux-address"),
        help: ArgumentHelp("An address somebody else has.", valueName: "name=address"))
    var auxiliary: [String] = []
    @Flag(help: "Nothing outside of the network is reached, and reaches it.")
    var `internal` = false
    @Flag(help: "Let containers be attached by hand; all networks do.")
    var attachable = false
    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("Say something about the network.", valueName: "key=value"))
    var labels: [String] = []
    @Option(
        name: [.customShort("o"), .customLong("opt")],
        help: ArgumentHelp("An option of the driver.", valueName: "key=value"))
    var options: [String] = []
    @Flag(name: .customLong("ipv6"), help: "Containers get IPv6 addresses, too.")
    var ipv6 = false
    @Option(name: .customLong("ipv4"), help: "Whether containers get IPv4 addresses.")
    var ipv4 = true
    @Option(name: .customLong("ipam-driver"), help: "The program that gives out addresses.")
    var addressManager = "default"
    @Option(
        name: .customLong("ipam-opt"), help: ArgumentHelp("A key of that program.", valueName: "key=value"))
    var addressOptions: [String] = []
    @Flag(help: "Only lend the configuration to other networks.")
    var configOnly = false
    @Option(help: ArgumentHelp("The network whose configuration this one has.", valueName: "network"))
    var configFrom = ""
    @Flag(help: .hidden) var ingress = false
    @Option(help: .hidden) var scope = "local"
    @Argument(help: "The network's name.")
    var name: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        guard !ingress, scope == "local" else {
            throw EngineError("--ingress and --scope are for swarms, which are not supported", .invalid)
        }
        var request = NetworkRequest(name: name)
        var words = NetworkRequest.Words()
        (words.subnets, words.gateways, words.ranges) = (subnets, gateways, ranges)
        (words.auxiliary, words.options, words.labels) = (auxiliary, options, labels)
        words.addressOptions = addressOptions
        try request.read(words)
        (request.driver, request.addressManager) = (driver, addressManager)
        (request.hasIPv4, request.hasIPv6) = (ipv4, ipv6)
        (request.isInternal, request.isAttachable) = (`internal`, attachable)
        (request.isConfigurationOnly, request.configurationSource) = (configOnly, configFrom)
        try show(NetworkStore(engine.networkEnvironment).create(request).id)
        return 0
    }
}
