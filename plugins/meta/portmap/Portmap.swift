import Addressing
import CNIPlugin
import CNISpec
import Firewall
import JSON
import Netlink

/// Makes ports of the container reachable by ports of the host: stands behind a plugin that makes the interface.
@main
struct Portmap: Plugin {
    static let name = "portmap"
    static let help = """
        Leads ports of the host to the container; stands behind a plugin that makes the interface. The ports are given
        by the capability portMappings: hostPort, containerPort, protocol (tcp, udp, sctp), hostIP. Keys:

          snat                  false: no client gets the host's address, so 127.0.0.1, the container itself and its
                                neighbours cannot use the ports (true)
          masqAll               every client gets the host's address (false)
          conditionsV4, conditionsV6
                                who may use the ports: ["!", "-s", "10.0.0.0/8"], ["-d", "192.0.2.1"]
          backend, markMasqBit, externalSetMarkChain
                                of the reference plugin; no packet is marked, the ports are elements of nftables maps
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Keys { try Keys(reader) }

    static func add(_ request: Request<Keys>) throws(CNIError) -> CNIResult {
        let result = try request.requiredPreviousResult()
        try request.configuration.check()
        let publishing = try Publishing(request, result)
        try publishing.add()
        return result
    }

    static func delete(_ request: Request<Keys>) throws(CNIError) {
        // Without a result, or one that says nothing, all that is this attachment's is looked for.
        let publishing = request.previousResult.flatMap { try? Publishing(request, $0) }
        var closed: [Publication] = []
        let firewall = try FirewallShare(request, plugin: name).delete(
            publishing?.deletableEntries, signs: publishing?.signs ?? [], closed: &closed)
        forgetConnections(of: closed)
        _ = consume firewall
    }

    static func check(_ request: Request<Keys>) throws(CNIError) {
        let result = try request.requiredPreviousResult()
        try request.configuration.check()
        try Publishing(request, result).check()
    }

    static func collectGarbage(_ request: Request<Keys>) throws(CNIError) {
        forgetConnections(of: try FirewallShare(request, plugin: name).collectGarbage())
    }

    static func status(_ request: Request<Keys>) throws(CNIError) {
        try request.configuration.check()
        try FirewallShare.refuseForeignDrops(
            details: "let it accept packets to the containers, or change its policy")
    }
}
