import Addressing
import Firewall
import Foundation
import NFTables

// Changes the firewall of the network namespace it is started in.
//
//     firewall-tool add|delete|drift|repair OWNER [ENTRY]...     delete without ENTRY: everything of the owner's
//     firewall-tool gc NETWORK PLUGIN [OWNER]...                 the owners are those which stay
//     firewall-tool drops
//     firewall-tool measure COUNT                                microseconds of one add and one delete
//
// OWNER is NETWORK/CONTAINER/INTERFACE/PLUGIN; ENTRY is WORD=ADDRESS[,MORE], see entry(_:).

struct Failure: Error, CustomStringConvertible {
    let description: String
}

func carryOut(_ words: [String]) throws {
    let firewall = try Firewall()
    let rest = words.dropFirst()
    switch words.first {
    case "add": try firewall.add(rest.dropFirst().map(entry), of: owner(rest))
    case "delete":
        let entries = try rest.dropFirst().map(entry)
        try firewall.delete(entries.isEmpty ? nil : entries, of: owner(rest))
    case "drift":
        for line in try firewall.drift(rest.dropFirst().map(entry), of: owner(rest)) { print(line) }
    case "repair": try firewall.repair(rest.dropFirst().map(entry), of: owner(rest))
    case "gc":
        let valid = try rest.dropFirst(2).map { try owner([$0]) }
        for port in try firewall.collectGarbage(network: words[1], plugin: words[2], valid: valid) {
            print(port.hostText, port.address, port.port)
        }
    case "drops":
        for drop in try firewall.foreignDrops() { print(drop.table, drop.chain) }
    case "measure": try measure(firewall, Int(words[1]) ?? 0)
    default: throw Failure(description: "no such verb")
    }
}

func owner(_ words: ArraySlice<String>) throws -> Owner {
    let parts = (words.first ?? "").split(separator: "/").map(String.init)
    guard parts.count == 4 else { throw Failure(description: "no owner: \(words)") }
    return Owner(network: parts[0], containerID: parts[1], interface: parts[2], plugin: parts[3])
}

func entry(_ text: String) throws -> Entry {
    let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
    let parts = halves[1].split(separator: ",").map(String.init)
    let address = IPAddress(parts[0])
    switch (halves[0], address) {
    case ("masquerade", let address?): return .masquerade(address)
    case ("home", let address?): return .home(address, bridge: parts[1])
    case ("hairpin", let address?): return .hairpin(address, interface: parts[1])
    case ("itself", let address?): return .itself(address)
    case ("clients", let address?): return .masqueradeClients(address)
    case ("guarded", let address?): return .guarded(address)
    case ("internal", let address?): return .internal(address)
    case ("same-bridge", let address?): return .sameBridge(address)
    case ("same-bridge-home", let address?): return .sameBridgeHome(address, bridge: parts[1])
    // publish=10.1.0.2,8080,tcp,80[,10.0.0.1]: the container's, the host's.
    case ("publish", let address?):
        let transport: UInt8 = ["tcp": 6, "udp": 17, "sctp": 132][parts[2]] ?? 0
        return .publication(
            Publication(
                transport, hostAddress: parts.count > 4 ? IPAddress(parts[4]) : nil,
                hostPort: UInt16(parts[3]) ?? 0,
                to: address, port: UInt16(parts[1]) ?? 0))
    // except=FIRST,LAST,tcp,80,FIRST,LAST: clients, and addresses of the host.
    case ("except", let first?):
        return .exception(
            Exception(
                6, hostPort: UInt16(parts[3]) ?? 0, clients: first...(IPAddress(parts[1]) ?? first),
                hostAddresses: (IPAddress(parts[4]) ?? first)...(IPAddress(parts[5]) ?? first)))
    case ("checked", _): return .checkedPort(parts[0])
    case ("mac", _): return .portMAC(parts[0], MACAddress(parts[1]) ?? .zero)
    default: throw Failure(description: "no entry: \(text)")
    }
}

/// The elements of one attachment, measured beside `count` others of the same kinds.
func measure(_ firewall: borrowing Firewall, _ count: Int) throws {
    func entries(_ number: Int) -> [Entry] {
        guard let address = IPAddress("10.0.0.0")?.advanced(by: Int128(number + 1)) else { return [] }
        return [
            .masquerade(address), .home(address, bridge: "br0"), .hairpin(address, interface: "br0"),
            .publication(
                Publication(6, hostAddress: nil, hostPort: UInt16(number + 1), to: address, port: 80)),
        ]
    }
    for number in 0..<count {
        try firewall.add(
            entries(number),
            of: Owner(network: "n", containerID: "c\(number)", interface: "eth0", plugin: "p"))
    }
    let own = Owner(network: "n", containerID: "own", interface: "eth0", plugin: "p")
    var (adds, deletes): ([Double], [Double]) = ([], [])
    for _ in 0..<51 {
        adds.append(try time { try firewall.add(entries(60000), of: own) })
        deletes.append(try time { try firewall.delete(entries(60000), of: own) })
    }
    print(Int(adds.sorted()[25]), Int(deletes.sorted()[25]))
}

private func time(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1000
}
