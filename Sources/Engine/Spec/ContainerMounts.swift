internal import OCISpec

/// All mounts of a container, in the order they are made: the system's own, those asked for from the top down, and files of the network.
func containerMounts(_ record: ContainerRecord, _ facts: SpecFacts) throws(EngineError) -> [Mount] {
    var asked: [Mount] = []
    for mount in record.mounts.sorted(by: comesFirst) { asked.append(try Mount(mount, facts)) }
    let taken = Set(asked.map(\.destination))
    var mounts = systemMounts(record, facts).filter { !taken.contains($0.destination) } + asked
    if record.hasInit { mounts.append(try initMount(facts)) }
    let files = [
        ("/etc/resolv.conf", facts.resolvConf), ("/etc/hostname", facts.hostname),
        ("/etc/hosts", facts.hosts),
    ]
    for (destination, source) in files where !taken.contains(destination) {
        guard let source else { continue }
        mounts.append(Mount(destination, "bind", source, ["rbind", "rprivate"]))
    }
    return mounts
}

/// What is further up has to be there before what is below it.
private func comesFirst(_ one: ContainerRecord.Mount, _ other: ContainerRecord.Mount) -> Bool {
    let depths = [one, other].map { $0.destination.split(separator: "/").count }
    return depths[0] < depths[1]
}

private func systemMounts(_ record: ContainerRecord, _ facts: SpecFacts) -> [Mount] {
    let safe = ["nosuid", "noexec", "nodev"]
    let readOnly = record.isPrivileged ? safe : safe + ["ro"]
    let modes = record.namespaces
    var mounts = [
        Mount("/proc", "proc", "proc", safe),
        Mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        Mount(
            "/dev/pts", "devpts", "devpts",
            ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
        Mount("/sys", "sysfs", "sysfs", readOnly),
        Mount("/sys/fs/cgroup", "cgroup", "cgroup", readOnly),
    ]
    if modes.ipc != "host" {
        mounts.append(Mount("/dev/mqueue", "mqueue", "mqueue", safe))
    } else if facts.hasMessageQueues {
        mounts.append(Mount("/dev/mqueue", "bind", "/dev/mqueue", ["rbind"] + safe))
    }
    if let memory = modes.ipc == "host" ? "/dev/shm" : facts.sharedMemory {
        mounts.append(Mount("/dev/shm", "bind", memory, ["rbind"] + safe))
    } else if modes.ipc != "none" {
        let size = record.sharedMemorySize ?? 64 << 20
        mounts.append(Mount("/dev/shm", "tmpfs", "shm", safe + ["mode=1777", "size=\(size)"]))
    }
    return mounts
}

extension Mount {
    init(_ destination: String, _ type: String, _ source: String, _ options: [String]) {
        self.init()
        (self.destination, self.type, self.source) = (destination, type, source)
        self.options = options
    }

    fileprivate init(_ mount: ContainerRecord.Mount, _ facts: SpecFacts) throws(EngineError) {
        let access = mount.isReadOnly ? "ro" : "rw"
        switch mount.kind {
        case .tmpfs:
            let options = ["nosuid", "nodev", "noexec"].filter { !mount.options.contains(Self.opposite($0)) }
            self.init(mount.destination, "tmpfs", "tmpfs", options + [access] + mount.options)
        case .bind:
            self.init(mount.destination, "bind", mount.source, Self.bindOptions(mount, access))
        case .volume:
            guard let directory = facts.volumes[mount.source] else {
                throw EngineError("get \(mount.source): no such volume", .notFound)
            }
            self.init(mount.destination, "bind", directory, Self.bindOptions(mount, access))
        }
    }

    private static func bindOptions(_ mount: ContainerRecord.Mount, _ access: String) -> [String] {
        let propagation = [
            "shared", "rshared", "slave", "rslave", "private", "rprivate", "unbindable", "runbindable",
        ]
        // `z` and `Z` are about SELinux; `U` and the rest are told to the runtime as they are.
        let options = mount.options.filter { !["z", "Z", "consistent", "cached", "delegated"].contains($0) }
        let kind = options.contains("bind") ? [] : ["rbind"]
        return kind + [access] + (options.contains(where: propagation.contains) ? [] : ["rprivate"]) + options
    }

    /// `suid` is the opposite of `nosuid`.
    private static func opposite(_ option: String) -> String { String(option.dropFirst(2)) }
}
