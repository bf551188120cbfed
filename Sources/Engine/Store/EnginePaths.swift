/// Where the engine keeps its files.
package struct EnginePaths: Hashable, Sendable {
    /// What survives a reboot.
    package var root: String
    /// What does not: namespaces, bundles, sockets, and the records `apus-netd` reads.
    package var run: String

    package init(root: String = "/var/lib/apus", run: String = "/run/apus") {
        self.root = root
        self.run = run
    }

    package var images: String { root + "/images" }
    package var containers: String { root + "/containers" }
    /// For each name a symbolic link to the ID of the container which has it.
    package var names: String { root + "/names" }
    package var networks: String { root + "/networks" }
    package var volumes: String { root + "/volumes" }
    /// The cache of attachments, in libcni's form.
    package var attachments: String { root + "/cni" }
    /// Which interface has which address; `dataDir` of the plugin `ipam`.
    package var addresses: String { root + "/ipam" }
    package var namespaces: String { run + "/netns" }
    package var bundles: String { run + "/containers" }
    /// Programs that `exec` started on a terminal, a folder for each.
    package var executions: String { run + "/exec" }
    package var nameRecords: String { run + "/dns" }
    package var portRecords: String { run + "/ports" }
    /// Attachments to networks of several hosts.
    package var overlayRecords: String { run + "/overlay" }
    /// What OCI runtimes remember, a folder for each.
    package var runtimes: String { run + "/runtimes" }
    /// What has happened since the machine started, a JSON object on each line.
    package var events: String { run + "/events" }
    package var locks: String { run + "/locks" }

    /// What is stored of a container.
    package func container(_ id: String) -> String { containers + "/" + id }
    /// Where a container runs, while it does.
    package func bundle(_ id: String) -> String { bundles + "/" + id }
}
