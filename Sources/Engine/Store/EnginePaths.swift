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
    package var networks: String { root + "/networks" }
    package var volumes: String { root + "/volumes" }
    /// The cache of attachments, in libcni's form.
    package var attachments: String { root + "/cni" }
    /// Which interface has which address; `dataDir` of the plugin `ipam`.
    package var addresses: String { root + "/ipam" }
    package var namespaces: String { run + "/netns" }
    package var bundles: String { run + "/containers" }
    package var nameRecords: String { run + "/dns" }
    package var portRecords: String { run + "/ports" }
    package var locks: String { run + "/locks" }
    /// Where `apus-netd` listens.
    package var daemonSocket: String { run + "/netd.sock" }
}
