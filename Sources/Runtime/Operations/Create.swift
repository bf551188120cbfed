internal import Cgroups
internal import JSON
internal import Kernel
internal import OCISpec
internal import Seccomp

extension ContainerRuntime {
    /// Makes a container whose first process waits for ``start(_:)``. runtime.md, "Create".
    ///
    /// A failure undoes everything. When the runtime is killed in between, `delete` removes what is left.
    public func create(_ options: CreateOptions) throws(RuntimeError) {
        let (configuration, bytes) = try readConfiguration(options)
        let console = try consoleForDetached(configuration.process, socket: options.consoleSocket)
        _ = try create(options, configuration, bytes, console: console)
    }

    /// Makes the container, whose first process is a child of this one.
    func create(
        _ options: CreateOptions, _ document: Configuration, _ bytes: [UInt8],
        console: consuming FileDescriptor?
    ) throws(RuntimeError) -> Container {
        let id = try ContainerID(options.id)
        var configuration = document
        options.serviceManager.extend(&configuration, directory: store.notifyDirectory(id))
        let isRootless = effectiveUserID() != 0
        let layout = try RuntimeError.cgroup { () throws(CgroupError) in try CgroupLayout.detect() }
        let cgroupPlan = try RuntimeError.cgroup { () throws(CgroupError) in
            try CgroupPlan(
                layout: layout, cgroupsPath: configuration.linux.cgroupsPath, id: id.text,
                isRootless: isRootless)
        }
        var plan = try createPlan(configuration, options, cgroupPlan, layout)
        warnOfCapabilities(configuration.process)
        var undo = UndoStack()
        let lock = try store.reserve(id)
        undo.push { [store] in try? store.remove(id) }  // the first error is the one to tell
        try store.save(plan.record, configuration: bytes, for: id)
        if options.serviceManager.notifySocket != nil { try store.makeNotifyDirectory(id) }
        let cgroup = try Self.make(cgroupPlan)
        undo.push { try? cgroup.remove() }
        // An ordinary user may have got fewer directories than were planned; mounts show what there is.
        plan.cgroups = CgroupMountFacts(layout, cgroup, hasNamespace: plan.namespaces.held.contains(.cgroup))
        try RuntimeError.cgroup { () throws(CgroupError) in
            try cgroup.limit(configuration.linux.resources)
            if let owner = Self.cgroupOwner(configuration, plan.namespaces) { try cgroup.delegate(to: owner) }
        }
        let process = try Launcher(plan: plan, id: id, store: store, warn: warn)
            .launch(in: cgroup, console: console, &undo)
        try Self.writePidFile(options.pidFile, process.pid)
        undo.keep()
        _ = consume lock
        return Container(id: id, record: plan.record, process: process, state: .created(pid: process.pid))
    }

    private static func make(_ plan: CgroupPlan) throws(RuntimeError) -> Cgroup {
        do throws(CgroupError) { return try plan.create() } catch {
            throw .initFailed("\(error) (linux.cgroupsPath)")
        }
    }

    /// The user who may make cgroups below the container's: its own root, where it has a view of its own of the tree
    /// and may write there.
    private static func cgroupOwner(_ configuration: Configuration, _ namespaces: NamespacePlan) -> UInt32? {
        guard effectiveUserID() == 0, namespaces.atBirth.isSuperset(of: .user),
            namespaces.held.contains(.cgroup),
            configuration.mounts.contains(where: {
                ($0.type == "cgroup" || $0.type == "cgroup2") && !$0.options.contains("ro")
            })
        else { return nil }
        return configuration.linux.uidMappings.first { $0.containerID == 0 }?.hostID
    }

    private func createPlan(
        _ configuration: Configuration, _ options: CreateOptions, _ cgroups: CgroupPlan,
        _ layout: CgroupLayout
    ) throws(RuntimeError) -> CreatePlan {
        guard configuration.linux.namespaces.contains(where: { $0.type == .mount }) else {
            throw .unsupported(
                path: "linux.namespaces",
                reason: "a mount namespace is missing; without one the mounts would be made on the host")
        }
        let inherited = InheritedDescriptors(options.preservedDescriptors, options.serviceManager)
        try inherited.verify()
        let rootfs = try RootfsPlan(
            configuration: configuration, bundle: options.bundle, noPivot: options.noPivot,
            isRootless: effectiveUserID() != 0)
        let namespaces = NamespacePlan(configuration.linux.namespaces)
        return CreatePlan(
            configuration: configuration, options: options, inherited: inherited, namespaces: namespaces,
            rootfs: rootfs,
            cgroups: CgroupMountFacts(
                layout, Cgroup(saved: cgroups.saved), hasNamespace: namespaces.held.contains(.cgroup)),
            seccomp: try compile(configuration.linux.seccomp),
            record: ContainerRecord(configuration, options, rootfs: rootfs.root, cgroups: cgroups.saved))
    }

    /// Says which capabilities of the configuration the process will not get.
    func warnOfCapabilities(_ process: Process?) {
        let unknown = CapabilityPlan(process?.capabilities).unknownNames
        if !unknown.isEmpty {
            warn("process.capabilities: ignoring unknown \(unknown.joined(separator: ", "))")
        }
    }

    /// The document and its bytes, checked.
    func readConfiguration(_ options: CreateOptions) throws(RuntimeError) -> (Configuration, [UInt8]) {
        let path = options.configurationPath ?? "\(options.bundle)/config.json"
        let bytes = try RuntimeError.step("read the configuration") { () throws(SystemError) in
            try readFile(path)
        }
        do throws(JSONError) {
            let configuration = try Configuration(decoding: JSONReader(JSONValue(parsing: bytes)))
            try configuration.validate()
            return (configuration, bytes)
        } catch { throw .configuration(error, file: options.configurationPath ?? "config.json") }
    }

    /// Where the master side of a terminal goes when nobody of this runtime stays to serve it.
    func consoleForDetached(_ process: Process?, socket: String?) throws(RuntimeError) -> FileDescriptor? {
        guard process?.terminal == true else {
            if socket != nil {
                throw .unsupported(
                    path: "process.terminal",
                    reason: "--console-socket is given, but no terminal is asked for")
            }
            return nil
        }
        guard let socket else {
            throw .unsupported(
                path: "process.terminal",
                reason:
                    "a terminal of a detached container needs --console-socket (cannot allocate tty without it)"
            )
        }
        return try RuntimeError.step("reach the console socket") { () throws(SystemError) in
            try connectSocket(socket)
        }
    }

    /// Writes `pid` without a line end, as runc does; a reader never sees half of it.
    static func writePidFile(_ path: String?, _ pid: Int32) throws(RuntimeError) {
        guard let path else { return }
        try RuntimeError.step("write the pid file") { () throws(SystemError) in
            let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
            let new = "\(path[..<slash]).\(path[slash...])"
            try replaceFile(path, Array("\(pid)".utf8), mode: 0o644, draft: new, isDurable: false)
        }
    }
}
