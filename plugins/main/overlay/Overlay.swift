import CNIPlugin
import CNISpec
import JSON
import NetdClient

/// Connects the container to a network of several hosts.
@main
struct Overlay: Plugin {
    static let name = "overlay"
    static let help = """
        Connects a container to a network which several hosts share: containers on all of them talk by address, as on one
        bridge. The daemon apus-netd gives the address, and keeps the way to the other hosts. Keys:

          network      the network's name in the cluster (the configuration's name)
          subnet, gateway, subnet6, gateway6, vni, blockSize, mtu, internal, labels
                       what the network is, where the cluster does not have it yet; none is needed
          ipMasq       what leaves the network gets the host's address (true, with internal false)
          isolated     from outside, only published ports reach the container (false)
          dns          how names are looked up, for the result
          runDir       where records are, and the daemon ("\(NetdPaths.usual)")
          netd         path of apus-netd
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Keys { try Keys(reader) }

    static func add(_ request: Request<Keys>) throws(CNIError) -> CNIResult {
        try Attaching(request).run()
    }

    static func delete(_ request: Request<Keys>) throws(CNIError) { try Detaching(request).run() }

    static func check(_ request: Request<Keys>) throws(CNIError) { try Checking(request).run() }

    static func collectGarbage(_ request: Request<Keys>) throws(CNIError) {
        try Detaching.collectGarbage(request)
    }

    static func status(_ request: Request<Keys>) throws(CNIError) {
        try Registration(request).status()
        try OverlayFirewall(request).status()
    }
}

typealias OverlayRequest = Request<Keys>
