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
        let (wasUp, before) = try look()
        if let strange = before.first(where: { !$0.address.isLoopback }) {
            throw CNIError(
                .pluginSpecific, "loopback interface found with non-loopback address \"\(strange.address)\"")
        }
        if wasUp { return before }
        var undo = UndoStack()
        undo.push {
            do throws(CNIError) { try takeDown() } catch { note("\(name) stays up: \(error)") }
        }
        try netlink { socket throws(NetlinkError) in try socket.perform(.setLink(.name(name), [.up])) }
        let addresses = try look().addresses
        undo.keep()
        return addresses
    }

    private static func look() throws(CNIError) -> (isUp: Bool, addresses: [IPPrefix]) {
        try netlink { socket throws(NetlinkError) in
            let link = try socket.link(.name(name))
            return (link.isUp, try socket.addresses(of: link.index).map(\.prefix))
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
        let (isUp, found) = try look()
        guard isUp else { throw CNIError(.pluginSpecific, "\(name) is down") }
        for address in addresses where !found.contains(address) {
            throw CNIError(.pluginSpecific, "\(name) has lost its address \(address)")
        }
    }
}

extension CNIResult {
    /// The result of a plugin which made nothing but `lo`.
    public static func loopback(_ addresses: [IPPrefix], sandbox: String) -> CNIResult {
        CNIResult(
            interfaces: [.init(name: LoopbackInterface.name, mac: "\(MACAddress.zero)", sandbox: sandbox)],
            addresses: addresses.map { .init($0, interface: 0) })
    }
}
