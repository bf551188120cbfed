internal import JSON
internal import Kernel
internal import OCISpec

/// What is known of a container when it is created and does not change afterwards.
package struct ContainerRecord: Hashable, Sendable {
    var ociVersion = ""
    var id = ""
    var bundle = ""
    /// Absolute path of the root file system on the host.
    var rootfs = ""
    /// RFC 3339, UTC.
    var created = ""
    /// User who made it.
    var owner: UInt32 = 0
    var annotations: [String: String] = [:]
    /// Directories of the container's cgroup, by hierarchy. See `Cgroup`.
    var cgroups: [String: String] = [:]
    /// Whether hooks must run when the container is deleted.
    var hasPoststopHooks = false
    /// Whether hooks must run when the container has been started.
    var hasPoststartHooks = false
    /// Whether the container's processes keep the caller's session keyring (`--no-new-keyring`).
    var noNewKeyring = false

    init() {}

    /// What is known before anything is made.
    init(_ configuration: Configuration, _ options: CreateOptions, rootfs: String, cgroups: [String: String])
    {
        ociVersion = configuration.ociVersion
        id = options.id
        bundle = options.bundle
        self.rootfs = rootfs
        created = currentTimestamp()
        owner = effectiveUserID()
        annotations = configuration.annotations
        self.cgroups = cgroups
        hasPoststopHooks = !configuration.hooks.poststop.isEmpty
        hasPoststartHooks = !configuration.hooks.poststart.isEmpty
        noNewKeyring = options.noNewKeyring
    }

    /// What can be said of a container whose `create` has not got further than its directory.
    init(unfinished id: ContainerID) { self.id = id.text }

    init(_ reader: JSONReader) throws(JSONError) {
        ociVersion = try reader.required("ociVersion").string()
        id = try reader.required("id").string()
        bundle = try reader.required("bundle").string()
        rootfs = try reader.required("rootfs").string()
        created = try reader.required("created").string()
        owner = try reader.required("owner").uint32()
        annotations = try reader.required("annotations").stringMap()
        cgroups = try reader.required("cgroups").stringMap()
        hasPoststopHooks = try reader.required("hasPoststopHooks").boolean()
        hasPoststartHooks = try reader.required("hasPoststartHooks").boolean()
        // Not in the records of earlier versions.
        noNewKeyring = try reader.optional("noNewKeyring")?.boolean() ?? false
    }

    var json: JSONValue {
        .object([
            .init("ociVersion", .string(ociVersion)), .init("id", .string(id)),
            .init("bundle", .string(bundle)),
            .init("rootfs", .string(rootfs)), .init("created", .string(created)),
            .init("owner", .number(owner)),
            .init("annotations", Self.map(annotations)), .init("cgroups", Self.map(cgroups)),
            .init("hasPoststopHooks", .boolean(hasPoststopHooks)),
            .init("hasPoststartHooks", .boolean(hasPoststartHooks)),
            .init("noNewKeyring", .boolean(noNewKeyring)),
        ])
    }

    /// Whose session keyring a process of the container joins; `nil` where it keeps its caller's.
    var keyring: String? { noNewKeyring ? nil : id }

    private static func map(_ pairs: [String: String]) -> JSONValue {
        .object(pairs.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
    }
}
