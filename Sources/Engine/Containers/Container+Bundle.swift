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
        if let pid = try sharedProcess(record.namespaces.ipc) {
            facts.sharedMemory = "/proc/\(pid)/root/dev/shm"
        }
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

    /// Removes the volumes which go with the container, unless another one has them.
    func removeAnonymousVolumes() throws(EngineError) {
        let others = try engine.records().filter { $0.id != id }
        try engine.volumes.release(record.mounts, users: Engine.volumeUsers(others))
    }
}
