import CNIPlugin
import CNISpec
import JSON
import NetdClient
import Resolver

/// Has containers find each other by name: stands behind a plugin that makes the interface.
@main
struct DNS: Plugin {
    static let name = "dns"
    static let help = """
        Containers of a network find each other by name; stands behind a plugin that makes the interface, and asks
        apus-netd to answer at \(resolverAddress) in the container. A container is called what K8S_POD_NAME of CNI_ARGS
        says, by its aliases (capability aliases), by the first 12 characters of its ID and its host name. Keys:

          network      the network the names belong to (the configuration's name)
          names        what the container is called, in front of all others; also in args.cni, as are aliases,
                       hostname and links
          aliases, hostname
                       more names
          links        an object: names this container alone finds, and whose they are
          domainName   behind each name, besides the network's
          upstreams    who is asked for other names (the servers of the host's resolv.conf); remoteServers is the same
          internal     true: nobody is asked (false)
          search, options
                       what the result says for resolv.conf
          runDir       where records are, and the daemon ("\(NetdPaths.usual)")
          netd         path of apus-netd
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Keys { try Keys(reader) }

    static func add(_ request: Request<Keys>) throws(CNIError) -> CNIResult {
        var result = try request.requiredPreviousResult()
        let record = try request.record(result)
        try Registration(request).add(record)
        result.dns = try request.dns(result)
        return result
    }

    static func delete(_ request: Request<Keys>) throws(CNIError) { try Registration(request).remove() }

    static func check(_ request: Request<Keys>) throws(CNIError) {
        let record = try request.record(try request.requiredPreviousResult())
        try Registration(request).check(record)
    }

    static func collectGarbage(_ request: Request<Keys>) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        try Registration(request).removeAll(except: valid)
    }

    static func status(_ request: Request<Keys>) throws(CNIError) {
        let client = request.client
        if client.isRunning { return }
        do throws(NetdError) { _ = try client.find() } catch { throw CNIError(.unavailable, "\(error)") }
    }
}

/// Where containers ask. The same address as Docker's, so that what was made for that finds it.
let resolverAddress = "127.0.0.11"
