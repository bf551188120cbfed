import Addressing
import CNIPlugin
import CNISpec
import JSON
import Netlink

/// What is to be changed; `nil` is left alone.
struct Settings: Sendable {
    var sysctls: [Sysctl] = []
    var mac: MACAddress?
    /// The capability's, which goes before everything else.
    private var givenMAC: MACAddress?
    /// From `args.cni`, which goes before `CNI_ARGS`.
    private var hintedMAC: MACAddress?
    var mtu: UInt32?
    var promiscuous: Bool?
    var allMulticast: Bool?
    var queueLength: UInt32?
    var dataDirectory = "/run/cni/tuning"

    init(_ reader: JSONReader) throws(JSONError) {
        try take(reader)
        if let directory = try reader.optional("dataDir")?.string(), !directory.isEmpty {
            dataDirectory = directory
        }
        if let hints = try reader.optional("args")?.optional("cni") {
            try take(hints)
            hintedMAC = try Self.mac(hints)
        }
        givenMAC = try RuntimeConfiguration(try reader.optional("runtimeConfig")).mac()
    }

    /// Takes what the object says; the rest stays.
    private mutating func take(_ reader: JSONReader) throws(JSONError) {
        if let object = try reader.optional("sysctl") {
            let named = try Sysctl.list(object)
            sysctls = sysctls.filter { old in !named.contains { $0.path == old.path } } + named
        }
        mac = try Self.mac(reader) ?? mac
        if let number = try reader.optional("mtu")?.uint32(), number != 0 { mtu = number }
        promiscuous = try reader.optional("promisc")?.boolean() ?? promiscuous
        allMulticast = try reader.optional("allmulti")?.boolean() ?? allMulticast
        queueLength = try reader.optional("txQLen")?.uint32() ?? queueLength
    }

    private static func mac(_ reader: JSONReader) throws(JSONError) -> MACAddress? {
        guard let value = try reader.optional("mac"), try !value.string().isEmpty else { return nil }
        return try value.macAddress()
    }

    /// The same with the MAC address of the source that counts; `argument` is that of `CNI_ARGS`.
    func choosing(_ argument: String) throws(CNIError) -> Settings {
        var chosen = self
        let address = argument.isEmpty ? nil : MACAddress(argument)
        guard argument.isEmpty || address.map({ !$0.isMulticast && $0 != .zero }) ?? false else {
            throw CNIError(
                .invalidEnvironment, "CNI_ARGS: MAC=\(argument) is not a MAC address an interface can have")
        }
        chosen.mac = givenMAC ?? hintedMAC ?? address ?? mac
        return chosen
    }

    var isEmpty: Bool { sysctls.isEmpty && linkSettings.isEmpty }

    /// What is to be changed of the interface itself.
    var linkSettings: [LinkSetting] {
        let all: [LinkSetting?] = [
            mac.map { .mac($0) }, promiscuous.map { .promiscuous($0) }, mtu.map { .mtu($0) },
            allMulticast.map { .allMulticast($0) }, queueLength.map { .transmitQueueLength($0) },
        ]
        return all.compactMap { $0 }
    }
}

extension Request<Settings> {
    /// The settings with what the environment has to say.
    func settings() throws(CNIError) -> Settings {
        try configuration.choosing(try arguments(["MAC"])["MAC"] ?? "")
    }
}
