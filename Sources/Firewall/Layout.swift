internal import Addressing
package import NFTables

/// A table of ours, whole: its sets, and the fixed rules which look into them.
///
/// There is no rule for any container. What a container changes are elements of the sets, so adding and removing one
/// costs the same however many there are, and a packet's way through the rules stays as short as with one.
package struct Layout: Hashable, Sendable {
    package let table: Table
    package let sets: [ElementSet]
    package let chains: [Chain]
}

extension Layout {
    /// Addresses and ports: what is forwarded, redirected and masqueraded.
    package static let addresses = Layout(
        table: Table(.inet, "apus_cni"), sets: IPAddress.Family.allCases.flatMap(addressSets),
        chains: [
            Chain(
                "early", Hook(.filter, .prerouting, priority: -300),
                [
                    // With route_localnet the kernel would let others reach what listens on 127.0.0.1.
                    Rule(
                        "nobody else reaches this host's loopback", .isNotText(.inputName, "lo"),
                        .isInside(.destination(.v4), loopback), .drop)
                ]),
            Chain(
                "published", nil,
                [
                    // The kernel routes nothing from ::1 to another link: it stays with who listens there.
                    Rule("::1 cannot leave", .isInside(.destination(.v6), ownIPv6), .comeBack)
                ] + IPAddress.Family.allCases.flatMap(redirections)),
            Chain("prerouting", Hook(.nat, .prerouting, priority: -100), [toPublished]),
            Chain("output", Hook(.nat, .output, priority: -100), [toPublished]),
            Chain(
                "postrouting", Hook(.nat, .postrouting, priority: 100),
                IPAddress.Family.allCases.flatMap(masquerades)),
            Chain(
                "forward", Hook(.filter, .forward, priority: 0),
                [Rule("answers", .isOfKnownConnection, .accept)]
                    + IPAddress.Family.allCases.flatMap(internals)
                    + [Rule("published ports", .isRedirected, .accept)]
                    + IPAddress.Family.allCases.flatMap(guards)),
        ])

    /// Ports of bridges: who may send as whom.
    package static let ports = Layout(
        table: Table(.bridge, "apus_cni"),
        sets: [
            ElementSet("checked", [.interfaceName]), ElementSet("macs", [.interfaceName, .etherAddress]),
        ],
        chains: [
            Chain(
                "prerouting", Hook(.filter, .prerouting, priority: -300),
                [
                    Rule(
                        "only with its own MAC address", .isIn([.inputName], "checked"),
                        .isNotIn([.inputName, .etherSource], "macs"), .drop)
                ])
        ])
}

/// The sets of one family; the names of IPv4's end in 4.
private func addressSets(_ family: IPAddress.Family) -> [ElementSet] {
    let address: DataType = family == .v4 ? .ipv4Address : .ipv6Address
    return [
        ElementSet("masquerade\(family.rawValue)", [address]),
        ElementSet("home\(family.rawValue)", [address, .interfaceName]),
        ElementSet("dnat\(family.rawValue)", [.protocolNumber, .portNumber], gives: [address, .portNumber]),
        ElementSet(
            "dnat_address\(family.rawValue)", [address, .protocolNumber, .portNumber],
            gives: [address, .portNumber]),
        ElementSet(
            "except\(family.rawValue)", [address, address, .protocolNumber, .portNumber], hasRanges: true),
        ElementSet("hairpin\(family.rawValue)", [address, .interfaceName]),
        ElementSet("itself\(family.rawValue)", [address, address]),
        ElementSet("masquerade_clients\(family.rawValue)", [address]),
        ElementSet("guarded\(family.rawValue)", [address]),
        ElementSet("internal\(family.rawValue)", [address]),
        ElementSet("same_bridge\(family.rawValue)", [address]),
        ElementSet("same_bridge_home\(family.rawValue)", [address, .interfaceName]),
    ]
}

private let toPublished = Rule("to this host", .isForThisHost, .jump("published"))

/// A mapping for one address of the host comes before one for all, and what either excludes before both.
private func redirections(_ family: IPAddress.Family) -> [Rule] {
    let port: [Field] = [.transportProtocol, .destinationPort]
    return [
        Rule(
            "not for this client, or not on this address",
            .isIn([.source(family), .destination(family)] + port, "except\(family.rawValue)"), .comeBack),
        Rule(
            "published on one address",
            .redirect(family, [.destination(family)] + port, map: "dnat_address\(family.rawValue)")),
        Rule("published on all addresses", .redirect(family, port, map: "dnat\(family.rawValue)")),
    ]
}

private func masquerades(_ family: IPAddress.Family) -> [Rule] {
    let local = Rule(
        "from this host's loopback", .isRedirected, .isInside(.source(.v4), loopback),
        .isIn([.destination(.v4), .outputName], "hairpin4"), .masquerade)
    return [
        // Client and container on one link: the answer would go past this host, and be of nobody the client knows.
        Rule(
            "from the container's own link", .isRedirected,
            .isIn([.destination(family), .inputName], "hairpin\(family.rawValue)"), .masquerade),
        // Where bridges pass packets through the firewall, this one comes here without the link it came in by.
        Rule(
            "from the container itself", .isRedirected,
            .isIn([.source(family), .destination(family)], "itself\(family.rawValue)"), .masquerade),
    ] + (family == .v4 ? [local] : []) + [
        Rule(
            "every client of the container", .isRedirected,
            .isIn([.destination(family)], "masquerade_clients\(family.rawValue)"), .masquerade),
        Rule(
            "away from home", .isIn([.source(family)], "masquerade\(family.rawValue)"),
            .isNotIn([.source(family), .outputName], "home\(family.rawValue)"),
            .isOutside(.destination(family), multicast(family)), .masquerade),
    ]
}

/// Nothing of an internal network leaves it or comes in, published or not.
private func internals(_ family: IPAddress.Family) -> [Rule] {
    [
        Rule(
            "out of an internal network", .isIn([.source(family)], "internal\(family.rawValue)"),
            .isNotIn([.source(family), .outputName], "home\(family.rawValue)"), .drop),
        Rule(
            "into an internal network", .isIn([.destination(family)], "internal\(family.rawValue)"),
            .isNotIn([.destination(family), .inputName], "home\(family.rawValue)"), .drop),
    ]
}

private func guards(_ family: IPAddress.Family) -> [Rule] {
    [
        Rule(
            "from anywhere else", .isIn([.destination(family)], "guarded\(family.rawValue)"),
            .isNotIn([.destination(family), .inputName], "home\(family.rawValue)"), .drop),
        Rule(
            "from another bridge", .isIn([.destination(family)], "same_bridge\(family.rawValue)"),
            .isText(.inputKind, "bridge"),
            .isNotIn([.destination(family), .inputName], "same_bridge_home\(family.rawValue)"), .drop),
    ]
}
