package import JSON

/// Where `apus-netd` and whoever gives it work meet: everything lies in one run directory, which is gone after a reboot.
package struct NetdPaths: Hashable, Sendable {
    /// The run directory, `/run/apus` where nothing else is said.
    package let run: String

    package init(run: String = NetdPaths.usual) { self.run = run }

    /// The key `runDir` of a plugin's configuration.
    package init(_ reader: JSONReader) throws(JSONError) {
        let place = try reader.optional("runDir")
        let run = try place?.string() ?? ""
        if let place, !run.isEmpty, !run.hasPrefix("/") {
            throw place.notAllowed("'\(run)' is not an absolute path")
        }
        self.init(run: run.isEmpty ? Self.usual : run)
    }

    /// The run directory where nothing else is said.
    package static let usual = "/run/apus"
    /// How this host belongs to a cluster, unless `$APUS_OVERLAY` names another file.
    package static let clusterFile = "/etc/apus/overlay.json"

    /// Where the daemon listens.
    package var socket: String { run + "/netd.sock" }
    /// Held while a daemon lives: there is one of a run directory.
    package var lock: String { run + "/netd.lock" }
    /// What the daemon has to say.
    package var log: String { run + "/netd.log" }

    /// The records of a kind, a file each.
    package func records(_ kind: RecordKind) -> String { "\(run)/\(kind.rawValue)" }

    /// One record.
    package func record(_ kind: RecordKind, _ name: String) -> String { "\(records(kind))/\(name)" }
}

/// What a record is about; the raw value is its directory's name.
package enum RecordKind: String, Hashable, Sendable, CaseIterable {
    /// Names of a container on a network: ``Resolver/NameRecord``.
    case names = "dns"
    /// Published ports of a container: ``PortGuard/PortRecord``.
    case ports
    /// Attachments to networks of several hosts: ``OverlayControl/OverlayRecord``.
    case overlay
}
