import CNIPlugin
import CNISpec
import JSON
import Kernel
import Netlink

/// Changes settings of an interface another plugin has made, and of the network namespace it is in.
@main
struct Tuning: Plugin {
    static let name = "tuning"
    static let help = """
        Changes settings of an interface another plugin has made, and puts them back with DEL. Keys:

          sysctl    an object: net.* settings of the container's network namespace; IFNAME stands for the interface
          mac, mtu, promisc, allmulti, txQLen
          dataDir   where the old values are kept ("/run/cni/tuning")

        CNI_ARGS MAC, args.cni (sysctl, mac, ...) and the capability mac go before the keys, the last of them first.
        \(Allowlist.path), where it exists, has the sysctls which may be set: one regular
        expression a line.
        """
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Settings { try Settings(reader) }

    static func add(_ request: Request<Settings>) throws(CNIError) -> CNIResult {
        let settings = try request.settings()
        try Allowlist.check(settings.sysctls)
        guard var result = request.previousResult else {
            throw CNIError(
                .invalidConfiguration, "Required prevResult missing",
                details: "put another plugin before \(name) in the list of plugins")
        }
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try change(request, settings)
            settings.announce(result.addresses(of: request.interface), interface: request.interface)
        }
        for index in result.interfaces.indices where result.interfaces[index].name == request.interface {
            if let mac = settings.mac { result.interfaces[index].mac = "\(mac)" }
            if let mtu = settings.mtu { result.interfaces[index].mtu = mtu }
        }
        return result
    }

    /// Notes the old values before the first new one is set.
    private static func change(_ request: Request<Settings>, _ settings: Settings) throws(CNIError) {
        if settings.isEmpty { return }
        let file = BackupFile(request.configuration.dataDirectory, request.attachment)
        let present = try Backup(beforeSetting: settings, on: request.interface, network: request.network)
        let earlier = try file.read()
        var undo = UndoStack()
        undo.push {
            present.restore(interface: request.interface)
            file.putBack(earlier)
        }
        // What an earlier plugin of the chain has noted is older, and that is what DEL has to go back to.
        try file.write(earlier.map { $0.merged(with: present) } ?? present)
        try settings.apply(to: request.interface)
        undo.keep()
    }

    static func delete(_ request: Request<Settings>) throws(CNIError) {
        let file = BackupFile(request.configuration.dataDirectory, request.attachment)
        if let backup = try file.read() {
            let isWhole = try inNetworkNamespaceIfPresent(request.networkNamespace) { () throws(CNIError) in
                backup.restore(interface: request.interface)
            }
            // No error: the plugin that made the interface shall get its DEL. Another DEL may try again.
            if isWhole == false { return }
        }
        try file.remove()
    }

    static func check(_ request: Request<Settings>) throws(CNIError) {
        let settings = try request.settings()
        // A later plugin may have changed what the final result says.
        let final = request.previousResult?.interfaces.first {
            $0.name == request.interface && !$0.sandbox.isEmpty
        }
        try inNetworkNamespace(request.networkNamespace) { () throws(CNIError) in
            try settings.check(request.interface, final)
            for sysctl in settings.sysctls { try sysctl.check(interface: request.interface) }
        }
    }

    static func collectGarbage(_ request: Request<Settings>) throws(CNIError) {
        guard let valid = request.validAttachments else { return }
        try BackupFile.removeAll(
            in: request.configuration.dataDirectory, network: request.network, except: valid)
    }

    static func status(_ request: Request<Settings>) throws(CNIError) {
        do throws(CNIError) { try Allowlist.check(request.configuration.sysctls) } catch {
            throw CNIError(.unavailable, error.message, details: error.details)
        }
    }
}
