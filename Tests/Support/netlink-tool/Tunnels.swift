import Addressing
import Kernel
import Netlink

/// vxlan LOCAL: one that answers for others, as a port of `br0`.
func vxlan(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let master = try socket.perform([.addBridge("br0", snoopsMulticast: true)], thenFind: .name("br0"))
    print(master.bridge?.snoopsMulticast ?? false)
    var tunnel = VXLAN(id: 4097, local: try address(arguments[0]), port: 4790)
    tunnel.isProxy = true
    try socket.perform([
        .setMulticastSnooping(false, of: .name("br0")),
        .addVXLAN("vx", tunnel, [.mtu(1400), .group(6), .master(master.index)]),
        .setPort(
            .name("vx"),
            [.learning(false), .floodsUnicast(false), .floodsMulticast(true), .floodsBroadcast(true)]),
        .setLink(.name("vx"), [.up]),
    ])
    let made = try socket.link(.name("vx"))
    print(made.vxlan == tunnel, made.kind, made.mtu, made.group, made.vxlan?.local?.description ?? "-")
    if let port = made.port {
        print(port.learns, port.floodsUnicast, port.floodsMulticast, port.floodsBroadcast)
    }
    do { try socket.perform(.addVXLAN("vy", tunnel)) } catch { print(error) }
}

/// Every setting the other way round.
func vxlans(_ socket: borrowing RouteSocket, _: [String]) throws {
    var odd = VXLAN(id: 7)
    odd.remote = try address("192.0.2.9")
    odd.learns = true
    odd.reportsMisses = true
    odd.hasChecksums = false
    var external = VXLAN(id: 0, port: 4000)
    external.isExternal = true
    let lo = try socket.link(.name("lo"))
    print(lo.vxlan == nil)
    for (name, tunnel) in [("odd", odd), ("external", external)] {
        let made = try socket.perform([.addVXLAN(name, tunnel)], thenFind: .name(name))
        print(made.vxlan == tunnel, made.vxlan.map { "\($0)" } ?? "-")
    }
}

/// Needs the vxlan link `vx`, a port of a bridge: the address of another host's container stays there.
func sticky(_ socket: borrowing RouteSocket, _: [String]) throws {
    let tunnel = try socket.link(.name("vx")).index
    let entry = ForwardingEntry(try mac("02:42:0a:00:00:02"), link: tunnel, isSticky: true)
    try socket.perform(.replaceForwardingEntry(entry))
    print(try socket.forwardingEntries(of: tunnel).contains(entry))
}

/// table COUNT: needs the vxlan link `vx`, a port of a bridge. What is deleted twice is no failure.
func table(_ socket: borrowing RouteSocket, _ arguments: [String]) throws {
    let link = try socket.link(.name("vx")).index
    let count = UInt32(arguments[0]) ?? 0
    let start = try address("10.0.0.0")
    let containers = (0..<count).compactMap { start.advanced(by: Int128($0)) }
    let host = try address("192.0.2.7")
    func seconds(_ body: () throws -> Void) rethrows -> String {
        let begin = monotonicMilliseconds()
        try body()
        return "\(monotonicMilliseconds() - begin) ms"
    }
    var times: [String] = []
    times.append(
        try seconds {
            try socket.perform(
                containers.flatMap { address -> [RouteRequest] in
                    let mac = MACAddress(address)
                    return [
                        .replaceNeighbour(Neighbour(address, mac, link: link)),
                        .replaceForwardingEntry(ForwardingEntry(mac, link: link, host: host, isOwn: true)),
                        .replaceForwardingEntry(ForwardingEntry(mac, link: link, isSticky: true)),
                    ]
                })
        })
    times.append(
        try seconds {
            let entries = try socket.forwardingEntries(of: link)
            print(
                try socket.neighbours(of: link).filter(\.isPermanent).count,
                entries.filter { $0.isOwn && $0.host == host }.count, entries.filter(\.isSticky).count)
        })
    let deletions = containers.map { RouteRequest.deleteNeighbour($0, link: link) }
    times.append(try seconds { try socket.perform(deletions + deletions, ignoring: .noEntity) })
    print(try socket.neighbours(of: link).filter(\.isPermanent).count)
    if arguments.count > 1 { print("add, list, delete:", times.joined(separator: ", ")) }
}
