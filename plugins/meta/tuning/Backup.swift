import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// The values before ours, in the reference plugin's words and a few more, so that either can put them back.
struct Backup: Sendable {
    var mac: MACAddress?
    var mtu: UInt32?
    var promiscuous: Bool?
    var allMulticast: Bool?
    var queueLength: UInt32?
    /// Below `/proc/sys/net`, by path.
    var sysctls: [String: String] = [:]
    /// Whose the file is; empty in a file of the reference.
    var network = ""
    /// What tells the interface from another one of its name; empty in a file of the reference.
    var identity = ""

    /// Notes the present value of all that `settings` changes; inside the container's network namespace.
    init(beforeSetting settings: Settings, on interface: String, network: String) throws(CNIError) {
        self.network = network
        for sysctl in settings.sysctls { sysctls[sysctl.path] = try sysctl.read(interface: interface) }
        identity = try Self.identity(of: interface)
        guard !settings.linkSettings.isEmpty else { return }
        let link = try netlink { socket throws(NetlinkError) in try socket.link(.name(interface)) }
        if settings.mac != nil { mac = link.mac }
        if settings.mtu != nil { mtu = link.mtu }
        if settings.promiscuous != nil { promiscuous = link.flags.contains(.promiscuous) }
        if settings.allMulticast != nil { allMulticast = link.flags.contains(.allMulticast) }
        if settings.queueLength != nil { queueLength = link.transmitQueueLength }
    }

    /// The number of the namespace and that of the link in it; empty when there is no such link.
    private static func identity(of interface: String) throws(CNIError) -> String {
        let namespace = try system { () throws(SystemError) in try NamespaceIdentity.ofCurrentNetwork() }
        let link = try netlink { socket throws(NetlinkError) in try socket.linkIfPresent(.name(interface)) }
        return link.map { "\(namespace.inode)/\($0.index)" } ?? ""
    }

    /// These values, and those of `later` they do not have; `later` alone when it is about another interface.
    func merged(with later: Backup) -> Backup {
        guard identity == later.identity else { return later }
        var both = self
        both.mac = mac ?? later.mac
        both.mtu = mtu ?? later.mtu
        both.promiscuous = promiscuous ?? later.promiscuous
        both.allMulticast = allMulticast ?? later.allMulticast
        both.queueLength = queueLength ?? later.queueLength
        both.sysctls.merge(later.sysctls) { old, _ in old }
        return both
    }

    /// Sets everything back, as far as it can be; inside the container's network namespace.
    ///
    /// Says on standard error what could not be, and answers whether all could.
    @discardableResult
    func restore(interface: String) -> Bool {
        var isWhole = true
        func attempt(_ body: () throws(CNIError) -> Void) {
            do throws(CNIError) { try body() } catch {
                note("\(Tuning.name): \(error)")
                isWhole = false
            }
        }
        var isOurs = false
        attempt { () throws(CNIError) in
            let present = try Self.identity(of: interface)
            isOurs = !present.isEmpty && (identity.isEmpty || identity == present)
        }
        guard isOurs else { return isWhole }
        for (path, value) in sysctls {
            attempt { () throws(CNIError) in try Sysctl.write(path, interface: interface, value) }
        }
        let settings: [LinkSetting?] = [
            mtu.map { .mtu($0) }, mac.map { .mac($0) }, promiscuous.map { .promiscuous($0) },
            allMulticast.map { .allMulticast($0) }, queueLength.map { .transmitQueueLength($0) },
        ]
        // One by one: what the kernel refuses shall not keep the others.
        for case let setting? in settings {
            attempt { () throws(CNIError) in
                try netlink { socket throws(NetlinkError) in
                    try socket.perform(.setLink(.name(interface), [setting]))
                }
            }
        }
        return isWhole
    }
}

extension Backup {
    /// Reads a file of ours or of the reference plugin.
    init(_ reader: JSONReader) throws(JSONError) {
        let address = try reader.optional("mac")?.string() ?? ""
        mac = MACAddress(address)
        mtu = try reader.optional("mtu")?.uint32()
        promiscuous = try reader.optional("promisc")?.boolean()
        allMulticast = try reader.optional("allmulti")?.boolean()
        queueLength = try reader.optional("txQLen")?.uint32()
        sysctls = try reader.optional("sysctl")?.stringMap() ?? [:]
        network = try reader.optional("network")?.string() ?? ""
        identity = try reader.optional("identity")?.string() ?? ""
    }

    var json: JSONValue {
        var object = JSONObject()
        object.set("mac", mac?.description)
        object.set("promisc", promiscuous)
        object.set("mtu", mtu)
        object.set("allmulti", allMulticast)
        object.set("txQLen", queueLength)
        object.set("sysctl", sysctls)
        object.set("network", network)
        object.set("identity", identity)
        return object.value
    }
}
