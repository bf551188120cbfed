internal import JSON
internal import Kernel
internal import OCISpec

extension Container {
    /// Writes `config.json` into the bundle.
    func writeConfiguration() throws(EngineError) {
        let configuration = try Configuration(container: record, specFacts())
        try EngineError.step("write \(bundle)/config.json") { () throws(SystemError) in
            let file = try FileDescriptor.open(
                bundle + "/config.json", [.create, .truncate, .writeOnly], mode: 0o600)
            try file.write(configuration.json.text)
        }
    }

    /// What the specification needs to know beside the record.
    private func specFacts() throws(EngineError) -> SpecFacts {
        var facts = SpecFacts(rootfs: root, cgroupPath: "/apus-\(id)")
        facts.volumes = try engine.volumes.prepare(record.mounts, rootfs: root)
        try facts.examine(for: record)
        facts.networkNamespace = try networkNamespace()
        let files = try networkFiles()
        (facts.hosts, facts.hostname, facts.resolvConf) = (files.hosts, files.hostname, files.resolvConf)
        facts.pidNamespace = try sharedNamespace(record.namespaces.pid, "pid")
        facts.ipcNamespace = try sharedNamespace(record.namespaces.ipc, "ipc")
        facts.sharedMemory = try sharedMemory()
        if record.namespaces.ipc == "host" { facts.sharedMemory = "/dev/shm" }
        if let size = try? windowSize(0), size.rows > 0 {
            facts.terminalSize = .init(rows: size.rows, columns: size.columns)
        }
        return facts
    }

    private func sharedNamespace(_ mode: String, _ kind: String) throws(EngineError) -> String? {
        try sharedProcess(mode).map { "/proc/\($0)/ns/\(kind)" }
    }

    /// The first process of the container in `container:ID`, which has to run.
    private func sharedProcess(_ mode: String) throws(EngineError) -> Int32? {
        guard mode.hasPrefix("container:") else { return nil }
        let other = try engine.container(String(mode.dropFirst("container:".count)))
        guard let running = try other.state().live else {
            throw EngineError(
                "cannot join the namespaces of a container which does not run: \(other.id)", .conflict)
        }
        return running.process.pid
    }

    /// Where the file system of /dev/shm is on the host, for a container which shares it or whose one is shared.
    private func sharedMemory() throws(EngineError) -> String? {
        let mode = record.namespaces.ipc
        if mode.hasPrefix("container:") {
            let other = try engine.container(String(mode.dropFirst("container:".count)))
            guard other.record.namespaces.ipc == "shareable" else {
                throw EngineError(
                    "cannot join IPC of a container \(other.id): non-shareable IPC (hint: use --ipc shareable for the donor container)",
                    .conflict)
            }
            return other.sharedMemoryPath
        }
        guard mode == "shareable" else { return nil }
        try EngineError.step("mount \(sharedMemoryPath)") { () throws(SystemError) in
            try makeDirectories(sharedMemoryPath, mode: 0o700)
            try mountFileSystem(
                "tmpfs", at: sharedMemoryPath, flags: [.noSetUID, .noDevices, .noExecute],
                data: "mode=1777,size=\(record.sharedMemorySize ?? 64 << 20)")
        }
        return sharedMemoryPath
    }

    /// Mounted while a container runs whose IPC namespace is shareable.
    var sharedMemoryPath: String { bundle + "/shm" }

    /// Removes the volumes which go with the container, unless another one has them.
    func removeAnonymousVolumes() throws(EngineError) {
        try engine.volumes.release(record.mounts) { () throws(EngineError) in
            Engine.volumeUsers(try engine.records().filter { $0.id != id })
        }
    }
}
