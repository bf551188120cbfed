public import Addressing
public import CNISpec
internal import Kernel
internal import Netlink

/// The interface `lo` of the network namespace the process is in.
public enum LoopbackInterface {
    /// Its name.
    public static let name = "lo"

    /// Brings it up, and answers the addresses it has then.
    ///
    /// - Throws: ``CNIError`` with code 100 when it has an address which is none of loopback's; it stays as it was.
    public static func bringUp() throws(CNIError) -> [IPPrefix] {
        try netlinkOrRefuse { socket throws(NetlinkError) in
            let link = try socket.link(.name(name))
            let addresses = try socket.addresses(of: link.index).map(\.prefix)
            if link.isUp || addresses.contains(where: isStrange) { return addresses }
            try socket.perform(.setLink(.index(link.index), [.up]))
            return try socket.addresses(of: link.index).map(\.prefix)
        }
    }

    /// Takes it down.
    public static func takeDown() throws(CNIError) {
        try netlink { socket throws(NetlinkError) in try socket.perform(.setLink(.name(name), [.down])) }
    }

    /// Checks that it is up and has all of `addresses`.
    ///
    /// - Throws: ``CNIError`` with code 100 that says what is missing.
    public static func check(_ addresses: [IPPrefix]) throws(CNIError) {
        let (isUp, found) = try netlink { socket throws(NetlinkError) in
            let link = try socket.link(.name(name))
            return (link.isUp, try socket.addresses(of: link.index).map(\.prefix))
        }
        guard isUp else { throw CNIError(.pluginSpecific, "\(name) is down") }
        for address in addresses where !found.contains(address) {
            throw CNIError(.pluginSpecific, "\(name) has lost its address \(address)")
        }
    }

    private static func netlinkOrRefuse(
        _ body: (borrowing RouteSocket) throws(NetlinkError) -> [IPPrefix]
    ) throws(CNIError) -> [IPPrefix] {
        let addresses = try netlink(body)
        guard let strange = addresses.first(where: isStrange) else { return addresses }
        throw CNIError(
            .pluginSpecific, "loopback interface found with non-loopback address \"\(strange.address)\"")
    }

    private static func isStrange(_ prefix: IPPrefix) -> Bool { !prefix.address.isLoopback }
}

extension CNIResult {
    /// The result of a plugin which made nothing but `lo`.
    public static func loopback(_ addresses: [IPPrefix], sandbox: String) -> CNIResult {
        CNIResult(
            interfaces: [.init(name: LoopbackInterface.name, mac: "\(MACAddress.zero)", sandbox: sandbox)],
            addresses: addresses.map { .init($0, interface: 0) })
    }
}
