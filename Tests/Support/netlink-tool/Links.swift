import Addressing
import Kernel
import Netlink

func bridge(_ socket: borrowing RouteSocket, _: [String]) throws {
    let settings: [LinkSetting] = [.mac(try mac("02:00:00:00:00:01")), .mtu(1400), .up]
    let made = try socket.perform([.addBridge("br0", settings)], thenFind: .name("br0"))
    print(made.name, made.kind, made.mtu, made.isUp, made.index > 0)
}

func filtering(_ socket: borrowing RouteSocket, _: [String]) throws {
    try socket.perform(.addBridge("br0", filtersVLANs: true))
    print(try socket.link(.name("br0")).bridge?.filtersVLANs ?? false)
}

/// A pair, the second in the network namespace of a path.
func veth(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let namespace = try FileDescriptor.open(arguments[0])
    let master = try socket.perform([.addBridge("br0", [.up])], thenFind: .name("br0"))
    let host = try socket.perform(
        [
            .addVeth(
                "veth1", [.mtu(1300), .master(master.index), .up, .group(7)], peer: "eth0",
                [.mac(mac("02:00:00:00:00:02")), .mtu(1300), .transmitQueueLength(50)],
                namespace: namespace.rawValue)
        ], thenFind: .name("veth1"))
    print(host.peer ?? -1, host.peerNamespace ?? -1, host.master == master.index, host.group)
    try enterNamespaces(namespace, .network)
    let inside = try RouteSocket()
    let peer = try inside.perform([.setLink(.name("eth0"), [.up])], thenFind: .name("eth0"))
    print(peer.index, peer.peer == host.index, peer.isUp, peer.mac?.description ?? "")
}

func bornUp(_ socket: borrowing RouteSocket, _: [String]) throws {
    try socket.perform(.addVeth("a", peer: "b", [.up]))
}

func settings(_ socket: borrowing RouteSocket, _: [String]) throws {
    try socket.perform([.addVeth("a", peer: "b"), .addBridge("br0")])
    let master = try socket.link(.name("br0")).index
    try socket.perform(
        .setLink(
            .name("a"),
            [
                .up, .mac(mac("02:00:00:00:00:03")), .mtu(1280), .master(master), .promiscuous(true),
                .allMulticast(true), .transmitQueueLength(123), .alias("of a test"), .group(5),
            ]))
    let changed = try socket.link(.name("a"))
    print(changed)
    try socket.perform(
        .setLink(
            .index(changed.index),
            [.down, .promiscuous(false), .allMulticast(false), .alias(""), .name("c")]))
}

func ports(_ socket: borrowing RouteSocket, _: [String]) throws {
    let master = try socket.perform([.addBridge("br0")], thenFind: .name("br0")).index
    try socket.perform([
        .addVeth("a", [.master(master)], peer: "b"),
        .setPort(.name("a"), [.hairpin(true), .isolated(true), .guarded(true), .learning(false)]),
    ])
    let port = try socket.link(.name("a")).port
    print(port?.isHairpin ?? false, port?.isIsolated ?? false, port?.isGuarded ?? false, port?.learns ?? true)
    try socket.perform(.setPort(.name("a"), [.isolated(false)]))
    print(try socket.links(of: master).map(\.name), try socket.link(.name("b")).port == nil)
}

func vlan(_ socket: borrowing RouteSocket, _: [String]) throws {
    let master = try socket.perform([.addBridge("br0")], thenFind: .name("br0")).index
    let port = try socket.perform([.addVeth("a", [.master(master)], peer: "b")], thenFind: .name("a"))
    print(try socket.vlans(of: port.index).map(\.number))
    try socket.perform(.addVLANs(10...20, to: port.index, isUntagged: true))
    print(try socket.vlans(of: port.index).map(\.number))
}

func names(_ socket: borrowing RouteSocket, _: [String]) throws {
    let found = try socket.link(.name("a-name-of-more-than-fifteen-bytes"))
    print(found.name, found.alternativeNames, try socket.link(.name("short")).name)
}

func show(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let link = try socket.linkIfPresent(.name(arguments[0]))
    print(link.map { "\($0)" } ?? "none")
}

func links(_ socket: borrowing RouteSocket, _: [String]) throws {
    for link in try socket.links() { print(link.index, link.name) }
}

func delete(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    try socket.perform(.deleteLink(.name(arguments[0])))
}

func deleteGroup(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    try socket.perform(.deleteLinks(group: UInt32(arguments[0]) ?? 0))
}

/// More in one call than one send holds.
func many(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let count = Int(arguments[0]) ?? 0
    try socket.perform((0..<count).map { .addVeth("a\($0)", [.group(9)], peer: "b\($0)") })
    print(try socket.links().count)
}

func errors(_ socket: borrowing RouteSocket, _: [String]) throws {
    try socket.perform(.addVeth("a", peer: "b"))
    let failing: [RouteRequest] = [
        .deleteLink(.name("missing")), .setLink(.name("a"), [.mtu(10)]),
        .addAddress(InterfaceAddress(try prefix("10.0.0.1/24")), to: 999),
        .replaceRoute(Route(try prefix("10.9.0.0/16"), via: try address("10.1.1.1"))),
    ]
    for request in failing {
        do { try socket.perform(request) } catch {
            print("\(error.errno?.rawValue ?? 0) \(error)")
        }
    }
    do { _ = try socket.link(.name("missing")) } catch { print(error) }
}
