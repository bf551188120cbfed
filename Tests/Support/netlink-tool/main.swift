import Addressing
import Foundation
import Kernel
import Netlink

// Carries out one scenario of rtnetlink requests in the network namespace it is started in, and prints what it
// read back. The tests compare that with what ip(8) and bridge(8) say.
//
//     netlink-tool SCENARIO [ARGUMENT]...

struct Failure: Error, CustomStringConvertible {
    let description: String
}

func prefix(_ text: String) throws -> IPPrefix {
    guard let prefix = IPPrefix(text) else { throw Failure(description: "no prefix: \(text)") }
    return prefix
}

func address(_ text: String) throws -> IPAddress {
    guard let address = IPAddress(text) else { throw Failure(description: "no address: \(text)") }
    return address
}

func mac(_ text: String) throws -> MACAddress {
    guard let mac = MACAddress(text) else { throw Failure(description: "no MAC address: \(text)") }
    return mac
}

func scenario(_ name: String) -> ((borrowing RouteSocket, [String]) throws -> Void)? {
    let scenarios: [String: (borrowing RouteSocket, [String]) throws -> Void] = [
        "bridge": bridge, "filtering": filtering, "veth": veth, "born-up": bornUp, "settings": settings,
        "ports": ports, "vlan": vlan, "names": names, "show": show, "links": links, "delete": delete,
        "delete-group": deleteGroup, "addresses": addresses, "routes": routes, "more-routes": moreRoutes,
        "copy-routes": copyRoutes,
        "neighbours": neighbours, "forwarding": forwarding, "batch": batch, "errors": errors, "many": many,
        "default": defaultRoute, "announce": announce, "conntrack": conntrack,
        "listeners": listeners, "vxlan": vxlan, "vxlans": vxlans, "sticky": sticky, "table": table,
    ]
    return scenarios[name]
}

func run(_ words: [String]) throws {
    guard let name = words.first, let carryOut = scenario(name) else {
        throw Failure(description: "no such scenario")
    }
    try carryOut(RouteSocket(), Array(words.dropFirst()))
}

do { try run(Array(CommandLine.arguments.dropFirst())) } catch {
    print("error: \(error)")
    exit(1)
}
