package import OCISpec

extension Configuration {
    /// The OCI configuration of a container: what its record asks for, with what its surroundings are.
    ///
    /// - Throws: ``EngineError`` for what cannot be, in Docker's words where Docker has them.
    package init(container record: ContainerRecord, _ facts: SpecFacts) throws(EngineError) {
        self.init()
        let security = try SecurityOptions(record.securityOptions)
        ociVersion = "1.1.0"
        root.path = facts.rootfs
        root.readonly = record.hasReadOnlyRoot
        if record.namespaces.uts != "host" {
            hostname = record.hostname.isEmpty ? nil : record.hostname
            domainname = record.domainname.isEmpty ? nil : record.domainname
        }
        process = try Process(container: record, facts, security)
        mounts = try containerMounts(record, facts)
        annotations = record.annotations
        linux = try Linux(container: record, facts, security)
        linux.rootfsPropagation = rootPropagation(mounts)
    }
}

/// A mount whose changes go in or out needs a root that lets them through.
private func rootPropagation(_ mounts: [Mount]) -> Propagation? {
    let options = Set(mounts.flatMap(\.options))
    if !options.isDisjoint(with: ["shared", "rshared"]) { return .rshared }
    if !options.isDisjoint(with: ["slave", "rslave"]) { return .rslave }
    return nil
}

extension Linux {
    init(
        container record: ContainerRecord, _ facts: SpecFacts, _ security: SecurityOptions
    ) throws(EngineError) {
        self.init()
        namespaces = containerNamespaces(record, facts)
        cgroupsPath = facts.cgroupPath
        devices = facts.devices.map(Device.init)
        resources = try Resources(container: record, facts)
        sysctl = try containerSysctls(record, facts)
        guard !record.isPrivileged else { return }
        switch security.seccomp {
        case .unconfined: break
        case .standard, .file:
            seccomp = (facts.seccomp ?? .standard).rendered(
                capabilities: try containerCapabilities(record, facts), machine: facts.machine)
        }
        guard !security.hidesNothing else { return }
        maskedPaths = Self.hidden
        readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
    }

    /// What tells of the machine, or lets a container disturb it.
    private static let hidden = [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
        "/sys/devices/virtual/powercap",
    ]
}

extension Device {
    fileprivate init(_ device: HostDevice) {
        self.init()
        type = device.isBlock ? .block : .character
        path = device.path
        (major, minor) = (Int64(device.major), Int64(device.minor))
        (fileMode, uid, gid) = (device.mode, device.uid, device.gid)
    }
}

private func containerNamespaces(_ record: ContainerRecord, _ facts: SpecFacts) -> [Namespace] {
    let modes = record.namespaces
    var namespaces = [Namespace(type: .mount)]
    if let path = facts.networkNamespace { namespaces.append(Namespace(type: .network, path: path)) }
    if modes.pid != "host" { namespaces.append(Namespace(type: .pid, path: facts.pidNamespace)) }
    if modes.ipc != "host" { namespaces.append(Namespace(type: .ipc, path: facts.ipcNamespace)) }
    if modes.uts != "host" { namespaces.append(Namespace(type: .uts)) }
    // Docker's default: with v1 a container sees the host's tree, as programs of that time expect it.
    let isPrivate = modes.cgroup.isEmpty ? facts.hasUnifiedCgroups : modes.cgroup == "private"
    if isPrivate { namespaces.append(Namespace(type: .cgroup)) }
    return namespaces
}

/// What the container asks for, and what lets it ping and listen on any port without being root.
private func containerSysctls(_ record: ContainerRecord, _ facts: SpecFacts) throws(EngineError) -> [Sysctl] {
    var values = record.sysctls
    for name in values.keys.sorted() where name.hasPrefix("net.") && facts.networkNamespace == nil {
        throw EngineError("sysctl '\(name)' not allowed in host network namespace", .invalid)
    }
    if facts.networkNamespace != nil {
        let free = [
            "net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.ping_group_range": "0 2147483647",
        ]
        values.merge(free) { asked, _ in asked }
    }
    return values.sorted { $0.key < $1.key }.map { Sysctl(name: $0.key, value: $0.value) }
}
