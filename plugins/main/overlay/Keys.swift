import CNIPlugin
import CNISpec
import ContainerLink
import JSON
import NetdClient
import OverlayControl

/// The plugin's own keys.
struct Keys: Sendable {
    /// What the network is to be, where the cluster does not have it yet.
    let network: NetworkWish
    /// Traffic to the outside leaves with the host's address.
    let masquerades: Bool
    /// From outside, only published ports reach the container.
    let isIsolated: Bool
    let dns: CNIResult.DNS
    let paths: NetdPaths
    let program: String?

    init(_ reader: JSONReader) throws(JSONError) {
        var network = try NetworkWish(reader)
        if let name = try reader.text("network") { network.name = name }
        self.network = network
        let masquerades = try reader.optional("ipMasq")?.boolean()
        if network.isInternal, masquerades == true {
            throw reader.notAllowed(
                "internal and ipMasq exclude each other: an internal network has no outside")
        }
        self.masquerades = masquerades ?? !network.isInternal
        isIsolated = try reader.flag("isolated")
        dns = try reader.optional("dns").map { (dns) throws(JSONError) in try CNIResult.DNS(dns) } ?? .init()
        paths = try NetdPaths(reader)
        program = try reader.text("netd")
        if let type = try reader.optional("ipam")?.optional("type"), try !type.string().isEmpty {
            throw type.notAllowed("an overlay network gives the addresses itself: leave ipam out")
        }
    }
}
