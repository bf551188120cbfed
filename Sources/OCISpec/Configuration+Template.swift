extension Configuration {
    /// What `spec` writes: a shell on a terminal in a read-only root file system.
    ///
    /// With `rootless` it has a user namespace in which root is the user `uid` and the group `gid`, and
    /// nothing an ordinary user may not have.
    public static func template(rootless: Bool, uid: UInt32 = 0, gid: UInt32 = 0) -> Configuration {
        var configuration = Configuration()
        configuration.ociVersion = "1.3.0"
        configuration.process = shell
        configuration.root.path = "rootfs"
        configuration.root.readonly = true
        configuration.hostname = "apus"
        configuration.mounts = mounts(rootless: rootless)
        configuration.linux = linux
        guard rootless else { return configuration }
        configuration.linux.namespaces.removeAll { $0.type == .network }
        configuration.linux.namespaces.append(Namespace(type: .user))
        configuration.linux.uidMappings = [IDMapping(containerID: 0, hostID: uid, size: 1)]
        configuration.linux.gidMappings = [IDMapping(containerID: 0, hostID: gid, size: 1)]
        configuration.linux.resources = Resources()
        return configuration
    }

    private static var shell: Process {
        var process = Process()
        process.terminal = true
        process.args = ["sh"]
        process.env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"]
        process.noNewPrivileges = true
        process.rlimits = [Rlimit(type: "RLIMIT_NOFILE", soft: 1024, hard: 1024)]
        var capabilities = Capabilities()
        let names = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
        capabilities.bounding = names
        capabilities.effective = names
        capabilities.permitted = names
        capabilities.ambient = names
        process.capabilities = capabilities
        return process
    }

    private static func mounts(rootless: Bool) -> [Mount] {
        // The group tty has no place in a map of one ID.
        let terminalOptions = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]
        // Only the owner of the network namespace may mount a sysfs.
        let sys =
            rootless
            ? mount("/sys", "none", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"])
            : mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"])
        return [
            mount("/proc", "proc", "proc", []),
            mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount("/dev/pts", "devpts", "devpts", terminalOptions + (rootless ? [] : ["gid=5"])),
            mount("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            mount("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
            sys,
            mount("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", "ro"]),
        ]
    }

    private static func mount(
        _ destination: String, _ type: String, _ source: String, _ options: [String]
    ) -> Mount {
        var mount = Mount()
        mount.destination = destination
        mount.type = type
        mount.source = source
        mount.options = options
        return mount
    }

    private static var linux: Linux {
        var linux = Linux()
        linux.namespaces = [.pid, .network, .ipc, .uts, .mount].map { Namespace(type: $0) }
        linux.maskedPaths = [
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
            "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
        ]
        linux.readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
        var denyAll = Resources.DeviceRule()
        denyAll.access = "rwm"
        linux.resources.devices = [denyAll]
        return linux
    }
}
