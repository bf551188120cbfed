import Addressing
import Foundation
import OverlayControl

// Makes the devices of an overlay network in the network namespace it is started in. The tests look at them with ip(8)
// and bridge(8), and send packets through them.
//
//     overlay-tool ensure NETWORK VNI VTEP MTU GATEWAY...
//     overlay-tool remove NETWORK
//     overlay-tool marked
//     overlay-tool reconcile NETWORK [ADDRESS,MAC,HOST]...
//     overlay-tool apply NETWORK [+ADDRESS,MAC,HOST]... [-ADDRESS,MAC,HOST]...

struct Failure: Error, CustomStringConvertible {
    let description: String
}

func read<Value>(_ text: String, _ value: Value?) throws -> Value {
    guard let value else { throw Failure(description: "cannot read '\(text)'") }
    return value
}

func entry(_ text: Substring) throws -> TableEntry {
    let parts = text.split(separator: ",").map(String.init)
    guard parts.count == 3 else { throw Failure(description: "no entry: \(text)") }
    return TableEntry(
        address: try read(parts[0], IPAddress(parts[0])), mac: try read(parts[1], MACAddress(parts[1])),
        host: try read(parts[2], IPAddress(parts[2])))
}

func ensure(_ words: [String]) throws {
    let gateways = try words.dropFirst(4).map { try read($0, IPPrefix($0)) }
    let first = try read("gateways", gateways.first)
    try NodeDevices.ensure(
        DeviceWish(
            bridge: "ov-\(words[0])", vxlan: "vx-\(words[0])", vni: try read(words[1], UInt32(words[1])),
            vtep: try read(words[2], IPAddress(words[2])), port: 4789,
            mtu: try read(words[3], UInt32(words[3])), gateways: gateways,
            gatewayMAC: MACAddress(first.address), network: words[0]))
}

func run(_ words: [String]) throws {
    let rest = Array(words.dropFirst(2))
    switch words[0] {
    case "ensure": try ensure(Array(words.dropFirst()))
    case "remove":
        try NodeDevices.remove(bridge: "ov-\(words[1])", vxlan: "vx-\(words[1])", network: words[1])
    case "marked": for one in try NodeDevices.marked() { print(one.name, one.kind, "'\(one.network)'") }
    case "reconcile":
        print(try NodeDevices.reconcile(rest.map { try entry($0[...]) }, vxlan: "vx-\(words[1])"))
    case "apply":
        try NodeDevices.apply(
            add: rest.filter { $0.hasPrefix("+") }.map { try entry($0.dropFirst()) },
            remove: rest.filter { $0.hasPrefix("-") }.map { try entry($0.dropFirst()) },
            vxlan: "vx-\(words[1])")
    default: throw Failure(description: "no such scenario")
    }
}

do { try run(Array(CommandLine.arguments.dropFirst())) } catch {
    print("error: \(error)")
    exit(1)
}
