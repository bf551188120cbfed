import JSON
import Suite

/// How a plugin of a well-known type is configured for its cases.
struct Recipe {
    let kind: Plugin.Kind
    /// The members of the configuration; the members of `ipam` come from the address manager in use.
    let members: String
    var takesAddresses = true
    /// Its results have addresses although no address manager gives them.
    var hasOwnAddresses = false
    var preparation: [[String]] = []
    var interface = "eth0"
    /// The value of `CNI_NETNS` where it is not the container's own namespace.
    var ownNamespace: String?
    var capabilities: [String] = []

    /// The recipe for `type`; `nil` for a type nobody here has heard of.
    static func known(_ type: String) -> Recipe? { all[type] }

    private static let all: [String: Recipe] = [
        "bridge": Recipe(
            kind: .interface, members: #"{"bridge":"cnf0","isGateway":true,"ipMasq":true}"#,
            capabilities: ["mac"]),
        "ptp": Recipe(kind: .interface, members: #"{"ipMasq":true}"#),
        "macvlan": Recipe(
            kind: .interface, members: #"{"master":"up0"}"#, preparation: uplink, capabilities: ["mac"]),
        "ipvlan": Recipe(kind: .interface, members: #"{"master":"up0"}"#, preparation: uplink),
        "vlan": Recipe(kind: .interface, members: #"{"master":"up0","vlanId":7}"#, preparation: uplink),
        "dummy": Recipe(kind: .interface, members: "{}"),
        "tap": Recipe(kind: .interface, members: "{}", capabilities: ["mac"]),
        "host-device": Recipe(kind: .interface, members: #"{"device":"up0"}"#, preparation: uplink),
        "loopback": Recipe(kind: .interface, members: "{}", takesAddresses: false, interface: "lo"),
        "none": Recipe(kind: .interface, members: "{}", takesAddresses: false, interface: "lo"),
        "overlay": Recipe(
            kind: .interface, members: #"{"subnet":"10.77.0.0/24"}"#, takesAddresses: false,
            hasOwnAddresses: true, capabilities: ["ips"]),
        "host-local": Recipe(kind: .ipam, members: "{}", capabilities: ["ipRanges", "ips"]),
        "ipam": Recipe(kind: .ipam, members: "{}", capabilities: ["ipRanges", "ips"]),
        "static": Recipe(kind: .ipam, members: "{}", capabilities: ["ips"]),
        "portmap": Recipe(
            kind: .chained,
            members: #"""
                {"snat":true,"runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}}
                """#, takesAddresses: false, capabilities: ["portMappings"]),
        "firewall": Recipe(kind: .chained, members: "{}", takesAddresses: false),
        "tuning": Recipe(kind: .chained, members: #"{"mtu":1400}"#, takesAddresses: false),
        "bandwidth": Recipe(
            kind: .chained,
            members:
                #"{"ingressRate":8000000,"ingressBurst":8000000,"egressRate":8000000,"egressBurst":8000000}"#,
            takesAddresses: false),
        "container": Recipe(kind: .joined, members: #"{"netns":"\#(namespace)"}"#, takesAddresses: false),
        "host": Recipe(
            kind: .joined, members: "{}", takesAddresses: false, ownNamespace: "/proc/self/ns/net"),
        "sbr": Recipe(kind: .chained, members: "{}", takesAddresses: false),
        "dns": Recipe(kind: .chained, members: "{}", takesAddresses: false, capabilities: ["aliases"]),
        "dnsname": Recipe(
            kind: .chained, members: #"{"domainName":"dns.test"}"#, takesAddresses: false,
            capabilities: ["aliases"]),
        // Another gateway than the one there is, which has to come back.
        "route": Recipe(
            kind: .chained, members: #"{"gateways":["10.77.0.2"]}"#, takesAddresses: false),
    ]

    /// As the value of `netns` this stands for the path of each container's namespace.
    static let namespace = "$CNI_NETNS"

    private static let uplink = [
        ["ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1"],
        ["ip", "link", "set", "up0", "up"], ["ip", "link", "set", "up1", "up"],
    ]

    /// The `ipam` member for an address manager of `type`.
    static func addresses(_ type: String) -> JSONValue {
        if type == "static" {
            return .literal(
                #"""
                {"type":"static","addresses":[{"address":"10.77.0.5/24","gateway":"10.77.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}
                """#)
        }
        return JSONValue.literal(
            #"{"ranges":[[{"subnet":"10.77.0.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}]}"#
        ).setting("type", .string(type))
    }
}
