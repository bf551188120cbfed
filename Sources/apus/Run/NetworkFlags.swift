import ArgumentParser
import Engine

/// Flags about the container's network.
struct NetworkFlags: ParsableArguments {
    @Option(
        name: [.customLong("network"), .customLong("net")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Attach to a network, once for each; the first one is eth0.",
            valueName: "name|host|none|container:name|name=...,alias=...,ip=..."))
    var networks: [String] = []
    @Option(
        name: [.customLong("network-alias"), .customLong("net-alias")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A further name in the first network.", valueName: "name"))
    var aliases: [String] = []
    @Option(help: ArgumentHelp("IPv4 address in the first network.", valueName: "address"))
    var ip: String?
    @Option(help: ArgumentHelp("IPv6 address in the first network.", valueName: "address"))
    var ip6: String?
    @Option(
        name: .customLong("mac-address"),
        help: ArgumentHelp("MAC address in the first network.", valueName: "address"))
    var mac: String?
    @Option(
        name: .customLong("link"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Know another container by a name.", valueName: "container[:alias]"))
    var links: [String] = []
    @Option(
        name: [.customShort("p", allowingJoined: true), .customLong("publish")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Publish a port.", valueName: "[address:][port:]container[/protocol]"))
    var ports: [String] = []
    @Flag(
        name: [.customShort("P"), .customLong("publish-all")],
        help: "Publish every exposed port on a free one.")
    var publishesAll = false
    @Option(
        name: .customLong("expose"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Show a port without publishing it.", valueName: "port[/protocol]"))
    var exposed: [String] = []
    @Option(
        name: .customLong("dns"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Name server.", valueName: "address"))
    var servers: [String] = []
    @Option(
        name: .customLong("dns-search"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Domain to look names up in; . for none.", valueName: "domain"))
    var search: [String] = []
    @Option(
        name: [.customLong("dns-option"), .customLong("dns-opt")], parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Option of resolv.conf.", valueName: "option"))
    var resolverOptions: [String] = []
    @Option(
        name: .customLong("add-host"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A line of the hosts file; host-gateway is this machine.", valueName: "name:address"))
    var extraHosts: [String] = []
    @Option(
        name: [.customShort("h", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Host name of the container.", valueName: "name"))
    var hostname: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Domain of the container.", valueName: "name"))
    var domainname: String?

    var options: NetworkOptions {
        var options = NetworkOptions()
        (options.networks, options.aliases, options.links) = (networks, aliases, links)
        (options.ip4, options.ip6, options.mac) = (ip, ip6, mac)
        (options.ports, options.publishesAll, options.exposed) = (ports, publishesAll, exposed)
        (options.servers, options.search, options.resolverOptions) = (servers, search, resolverOptions)
        options.extraHosts = extraHosts
        (options.hostname, options.domainname) = (hostname ?? "", domainname ?? "")
        return options
    }
}
