import OCISpec

/// The configuration `spec` writes: a shell in its own namespaces, with what most programs need.
///
/// The values are those runc's users know, so that their scripts which edit the file go on working.
func specTemplate(hasUnifiedCgroups: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.ociVersion = specificationVersion
    configuration.process = templateProcess()
    configuration.root.path = "rootfs"
    configuration.root.readonly = true
    configuration.hostname = programName
    configuration.mounts = templateMounts()
    configuration.linux.namespaces = [.pid, .network, .ipc, .uts, .mount].map { Namespace(type: $0) }
    if hasUnifiedCgroups { configuration.linux.namespaces.append(Namespace(type: .cgroup)) }
    var nothing = Resources.DeviceRule()
    nothing.access = "rwm"
    configuration.linux.resources.devices = [nothing]
    configuration.linux.maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
    ]
    configuration.linux.readonlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
    return configuration
}

extension Configuration {
    /// Makes the configuration one that a user who is not root can run, as the ids `uid` and `gid`.
    mutating func makeRootless(uid: UInt32, gid: UInt32) {
        // Without a network namespace of its own sysfs cannot be mounted: the host's is bound in its place.
        linux.namespaces.removeAll { $0.type == .network || $0.type == .user }
        linux.namespaces.append(Namespace(type: .user))
        linux.uidMappings = [IDMapping(containerID: 0, hostID: uid, size: 1)]
        linux.gidMappings = [IDMapping(containerID: 0, hostID: gid, size: 1)]
        linux.resources = Resources()
        for index in mounts.indices {
            if mounts[index].destination == "/sys" {
                mounts[index] = mount("/sys", "none", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"])
            }
            // Only one id is mapped.
            mounts[index].options.removeAll { $0.hasPrefix("uid=") || $0.hasPrefix("gid=") }
        }
    }
}

private func templateProcess() -> Process {
    var process = Process()
    process.terminal = true
    process.args = ["sh"]
    process.env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"]
    var capabilities = Capabilities()
    capabilities.bounding = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
    capabilities.effective = capabilities.bounding
    capabilities.permitted = capabilities.bounding
    process.capabilities = capabilities
    process.rlimits = [Rlimit(type: "RLIMIT_NOFILE", soft: 1024, hard: 1024)]
    process.noNewPrivileges = true
    return process
}

private func templateMounts() -> [Mount] {
    let tight = ["nosuid", "noexec", "nodev"]
    return [
        mount("/proc", "proc", "proc", []),
        mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        mount(
            "/dev/pts", "devpts", "devpts",
            ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        mount("/dev/shm", "tmpfs", "shm", tight + ["mode=1777", "size=65536k"]),
        mount("/dev/mqueue", "mqueue", "mqueue", tight),
        mount("/sys", "sysfs", "sysfs", tight + ["ro"]),
        mount("/sys/fs/cgroup", "cgroup", "cgroup", tight + ["relatime", "ro"]),
    ]
}

private func mount(_ destination: String, _ type: String, _ source: String, _ options: [String]) -> Mount {
    var mount = Mount()
    mount.destination = destination
    mount.type = type
    mount.source = source
    mount.options = options
    return mount
}
