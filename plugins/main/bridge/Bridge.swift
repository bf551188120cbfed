import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// Connects the container to a bridge of the host by a pair of virtual links.
@main
struct Bridge: Plugin {
    static let name = "bridge"
    static let help = """
        Connects a container to a bridge on the host. Keys: bridge, isGateway, isDefaultGateway, forceAddress, ipMasq,
        mtu, hairpinMode, promiscMode, vlan, vlanTrunk, preserveDefaultVlan, macspoofchk, portIsolation, enabledad,
        disableContainerInterface, internal, isolated, macFromAddress, removeEmptyBridge, ipam, dns.
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration { try Configuration(reader) }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        try Attaching(request).run()
    }

    static func delete(_ request: Request<Configuration>) throws(CNIError) {
        try Detaching(request).run()
    }

    static func check(_ request: Request<Configuration>) throws(CNIError) {
        try Checking(request).run()
    }

    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) {
        try Detaching.collectGarbage(request)
    }

    static func status(_ request: Request<Configuration>) throws(CNIError) {
        try request.ipamDelegate()?.status()
        try BridgeFirewall(request).status()
    }
}

typealias BridgeRequest = Request<Configuration>
