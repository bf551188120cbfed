import Addressing
import Kernel
import Netlink

func addresses(_ socket: borrowing RouteSocket, _: [String]) throws {
    let lo = try socket.link(.name("lo")).index
    var odd = InterfaceAddress(try prefix("10.9.9.1/32"), scope: .host)
    odd.peer = try address("10.9.9.2")
    odd.metric = 77
    let flags: InterfaceAddress.Flags = [.noDuplicateDetection, .noPrefixRoute]
    try socket.perform([
        .setLink(.index(lo), [.up]), .addAddress(InterfaceAddress(prefix("10.1.2.3/24")), to: lo),
        .addAddress(InterfaceAddress(prefix("10.1.2.4/31")), to: lo),
        .addAddress(InterfaceAddress(prefix("fd00::1/64"), flags: flags), to: lo), .addAddress(odd, to: lo),
        .addAddress(InterfaceAddress(prefix("10.7.7.7/24")), to: lo),
        .deleteAddress(prefix("10.7.7.7/24"), from: lo),
    ])
    for one in try socket.addresses(of: lo) {
        print(
            one.prefix, one.broadcast?.description ?? "-", one.peer?.description ?? "-", one.scope.rawValue,
            one.metric ?? 0, one.flags.contains(.noDuplicateDetection), one.flags.contains(.permanent))
    }
    print(try socket.addresses().count)
    do { _ = try socket.addresses(of: 99_999) } catch { print(error) }
    do { try socket.perform(.addAddress(InterfaceAddress(prefix("10.1.2.3/24")), to: lo)) } catch {
        print(error)
    }
}

/// Needs the veth `a` (10.1.0.1/24, fd01::1/64), up with its peer.
func routes(_ socket: borrowing RouteSocket, _: [String]) throws {
    let link = try socket.link(.name("a")).index
    var full = Route(try prefix("10.20.0.0/16"), via: try address("10.1.0.2"), link: link)
    full.metric = 50
    full.mtu = 1300
    full.advertisedSegment = 1200
    full.source = try address("10.1.0.1")
    var far = Route(try prefix("10.30.0.0/16"), via: try address("192.0.2.1"), link: link)
    far.isOnLink = true
    far.table = 1000
    var near = Route(try prefix("10.40.0.0/16"), link: link)
    near.scope = .link
    var wall = Route(try prefix("10.50.0.0/16"))
    wall.kind = .unreachable
    try socket.perform([
        .replaceRoute(full), .replaceRoute(far), .replaceRoute(near), .replaceRoute(wall),
        .replaceRoute(Route(prefix("0.0.0.0/0"), via: address("10.1.0.2"))),
        .replaceRoute(Route(prefix("::/0"), via: address("fd01::2"), link: link)),
        .replaceRoute(Route(prefix("10.60.0.0/16"), via: address("10.1.0.3"), link: link)),
        .deleteRoute(Route(prefix("10.60.0.0/16"))),
    ])
    for family in IPAddress.Family.allCases {
        for route in try socket.routes(family, table: nil) where route.origin == 3 {
            print(
                route, "scope \(route.scope?.rawValue ?? 0)", "kind \(route.kind.rawValue)",
                "mtu \(route.mtu ?? 0)", "advmss \(route.advertisedSegment ?? 0)", "onlink \(route.isOnLink)",
                "src \(route.source?.description ?? "-")")
        }
    }
    print(try socket.routes(.v4, table: 1000).map(\.destination), try socket.routes(.v4, table: 4242))
}

func moreRoutes(_ socket: borrowing RouteSocket, _: [String]) throws {
    let link = try socket.link(.name("a")).index
    let through = Route(try prefix("10.20.0.0/16"), via: try address("10.1.0.2"), link: link)
    let other = Route(try prefix("10.20.0.0/16"), via: try address("10.1.0.3"), link: link)
    try socket.perform([.replaceRoute(through), .replaceRoute(other)])
    print(
        try socket.routes(.v4, link: link).filter { $0.origin == 3 }.map {
            "\($0.gateway?.description ?? "-")"
        })
    try socket.perform([.appendRoute(through)])
    let found = try socket.route(to: try address("10.20.1.1"))
    print(found.gateway?.description ?? "-", found.source?.description ?? "-", found.link == link)
    print(try socket.route(to: try address("fd01::2")).link == link)
    do { _ = try socket.route(to: try address("203.0.113.1")) } catch { print(error) }
    try socket.perform(.replaceRoute(Route(prefix("10.80.0.0/16"), via: address("fd01::2"), link: link)))
    print(try socket.routes(.v4).first { $0.destination.length == 16 && $0.gateway?.family == .v6 } != nil)
}

/// Puts what is in table 50 into table 2000, and says of each whether it is the same there.
func copyRoutes(_ socket: borrowing RouteSocket, _: [String]) throws {
    for family in IPAddress.Family.allCases {
        let here = try socket.copies(family, table: 50)
        try socket.perform(here.map { .putRoute($0, table: 2000, metric: $0.route.metric) })
        let there = try socket.copies(family, table: 2000)
        print(here.count, zip(here, there).map { $0.isSame(as: $1) }, here.map(\.isConditional))
        print(here.count > 1 ? here[0].isSame(as: there[1]) : false)
    }
}

func defaultRoute(_ socket: borrowing RouteSocket, _: [String]) throws {
    guard let route = try socket.defaultRoute() else { return print("none") }
    print(try route.links.map { try socket.link(.index($0)).name }, route.metric ?? 0)
}

func neighbours(_ socket: borrowing RouteSocket, _: [String]) throws {
    let link = try socket.link(.name("a")).index
    try socket.perform([
        .replaceNeighbour(Neighbour(address("10.1.0.9"), mac("02:00:00:00:00:09"), link: link)),
        .replaceNeighbour(Neighbour(address("fd01::9"), mac("02:00:00:00:00:0a"), link: link)),
        .replaceNeighbour(Neighbour(address("10.1.0.8"), mac("02:00:00:00:00:08"), link: link)),
        .deleteNeighbour(address("10.1.0.8"), link: link),
    ])
    for one in try socket.neighbours(of: link) where one.isPermanent {
        print(one.address, one.mac?.description ?? "-")
    }
}

/// Needs the bridge `br0` with its port `p`, and the vxlan link `vx`.
func forwarding(_ socket: borrowing RouteSocket, _: [String]) throws {
    let port = try socket.link(.name("p")).index
    let tunnel = try socket.link(.name("vx")).index
    let first = try mac("02:00:00:00:00:11")
    try socket.perform([
        .replaceForwardingEntry(ForwardingEntry(first, link: port)),
        .replaceForwardingEntry(ForwardingEntry(mac("02:00:00:00:00:12"), link: port)),
        .deleteForwardingEntry(ForwardingEntry(mac("02:00:00:00:00:12"), link: port)),
        .replaceForwardingEntry(
            ForwardingEntry(first, link: tunnel, host: address("192.0.2.7"), isOwn: true)),
    ])
    for link in [port, tunnel] {
        for one in try socket.forwardingEntries(of: link) where !one.mac.isMulticast {
            print(one.mac, one.host?.description ?? "-", one.isOwn, one.isPermanent)
        }
    }
}

/// The kernel goes on behind a request which fails; the first failure is told.
func batch(_ socket: borrowing RouteSocket, _: [String]) throws {
    do {
        try socket.perform([
            .addVeth("a", peer: "b"), .deleteLink(.name("missing1")), .deleteLink(.name("missing2")),
            .addVeth("c", peer: "d"),
        ])
    } catch { print(error) }
    print(try socket.links().map(\.name).sorted())
}

/// Tells the neighbours of the link named first of the addresses behind it.
func announce(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let link = try socket.link(.name(arguments[0]))
    for text in arguments.dropFirst() {
        try Announcement(try address(text), at: link.mac ?? .zero).send(link: link.index)
    }
}

/// conntrack count | list v4|v6 [TRANSPORT [PORT [SERVER]]] | delete likewise
func conntrack(_: borrowing RouteSocket, _ arguments: [String]) throws {
    let socket = try ConntrackSocket()
    if arguments[0] == "count" { return print(try socket.count()) }
    let found = try socket.connections(
        arguments[1] == "v4" ? .v4 : .v6, transport: arguments.count > 2 ? UInt8(arguments[2]) : nil,
        destinationPort: arguments.count > 3 ? UInt16(arguments[3]) : nil,
        server: arguments.count > 4 ? IPAddress(arguments[4]) : nil)
    if arguments[0] == "delete" { return try socket.delete(found) }
    for one in found {
        print(
            one.transport, one.original.source, one.original.destination, one.original.destinationPort,
            one.reply.source, one.reply.sourcePort, one.isRedirected)
    }
}

/// listeners TRANSPORT
func listeners(_: borrowing RouteSocket, _ arguments: [String]) throws {
    let socket = try ListenerSocket()
    for family in IPAddress.Family.allCases {
        let found = try socket.listeners(UInt8(arguments[0]) ?? 0, family)
        for one in found.sorted(by: { ($0.address, $0.port) < ($1.address, $1.port) }) {
            print(one.address, one.port, one.isIPv6Only, one.inode != 0)
        }
    }
}
