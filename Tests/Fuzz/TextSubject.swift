import Addressing
import CNIPlugin
import CNISpec
import Glibc
import Kernel

@testable import AddressPool
@testable import ipam

/// What is text and no JSON: addresses, `CNI_ARGS`, names, resolv.conf, the files of addresses.
func testText(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    testAddress(text, isExact: text.utf8.elementsEqual(input))
    testPrefix(text)
    if let mac = MACAddress(text) { require(MACAddress(mac.description) == mac, "\(mac)") }
    if let wish = RequestedAddress(text) { require(wish.length == nil || wish.prefix != nil, "\(wish)") }
    if let arguments = try? CNIArguments(text) {
        _ = try? arguments.values(of: ["IP", "MAC"])
        require(arguments.pairs.count <= input.count, "more pairs than bytes")
    }
    if isName(text) {
        require(!text.utf8.contains(UInt8(ascii: "/")) && !text.isEmpty && text != "..", "not a name")
    }
    let dns = CNIResult.DNS(resolvConf: text)
    require(dns.nameservers.count <= input.count, "more servers than bytes")
    let environment = Environment(words: text.split(separator: "\n").map(String.init))
    _ = environment["CNI_ARGS"]
    let record = OwnerRecord(content: input)
    _ = (record.containerID, record.interface)
    require(record.hash > 1, "the hash has a meaning in the index")
    require(OwnerRecord(content: Array(record.text.utf8)).text == record.text, "trimmed twice is another")
}

/// Whether one of the three kinds of names may be this text.
private func isName(_ text: String) -> Bool {
    (try? Naming.checkContainerID(text)) != nil || (try? Naming.checkInterfaceName(text)) != nil
        || (try? Naming.checkNetworkName(text)) != nil
}

/// The same opinion as the C library.
private func testAddress(_ text: String, isExact: Bool) {
    let ours = IPAddress(text)
    if let ours {
        require(IPAddress(ours.description) == ours, "\(ours) is read differently")
        require(IPAddress(octets: ours.octets) == ours, "\(ours) has other octets")
    }
    // A C string ends at a zero, and ours never holds one.
    guard isExact, !text.utf8.contains(0) else { return }
    var octets = [UInt8](repeating: 0, count: 16)
    let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
    let isTheirs = inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &octets) == 1
    require(isTheirs == (ours != nil), "'\(text)': \(isTheirs ? "refused" : "accepted") by us alone")
    if let ours {
        require(ours.octets == Array(octets.prefix(isIPv6 ? 16 : 4)), "'\(text)' is another address")
    }
}

private func testPrefix(_ text: String) {
    guard let prefix = IPPrefix(text) else { return }
    require(IPPrefix(prefix.description) == prefix, "\(prefix) is read differently")
    require(prefix.contains(prefix.first) && prefix.contains(prefix.last), "\(prefix) lacks its ends")
    require(prefix.first <= prefix.address && prefix.address <= prefix.last, "\(prefix) lies outside itself")
    require(prefix.network.overlaps(prefix), "\(prefix) does not overlap itself")
}
