internal import Kernel

extension Cgroup {
    /// Stops every process of the cgroup where it is. Returns when all have stopped.
    ///
    /// - Throws: ``CgroupError`` when there is no freezer, or when some process does not stop within ten seconds;
    ///   the cgroup is thawed then.
    public func freeze() throws(CgroupError) {
        if let path = directory(of: "freezer") { return try freezeLegacy(path) }
        guard isUnified, let path = unifiedDirectory else { throw noFreezer("pause") }
        try freezeUnified(path)
    }

    /// Lets the processes run on.
    public func thaw() throws(CgroupError) {
        guard let (file, _, thawed) = freezerFile else { throw noFreezer("resume") }
        try CgroupError.step("thaw the cgroup") { () throws(SystemError) in try writeFile(file, thawed) }
    }

    /// Whether the cgroup is frozen, or on the way there. One read; a missing cgroup is not.
    public var isFrozen: Bool {
        guard let (file, frozen, _) = freezerFile, let state = try? readText(file) else { return false }
        if state == frozen { return true }
        guard state == "FREEZING" else { return false }
        // On the way, or held by a cgroup above that is being thawed.
        return (try? readText(CgroupPath.parent(file) + "/freezer.self_freezing")) == "1"
    }

    private var freezerFile: (file: String, frozen: String, thawed: String)? {
        if let path = directory(of: "freezer") { return (path + "/freezer.state", "FROZEN", "THAWED") }
        guard isUnified, let path = unifiedDirectory else { return nil }
        return (path + "/cgroup.freeze", "1", "0")
    }

    private func noFreezer(_ verb: String) -> CgroupError {
        .system(
            step: "\(verb) the container", reason: "its cgroup has no freezer",
            hint: directories.isEmpty
                ? "a rootless container without a cgroup of its own cannot be paused" : "")
    }

    /// In v1 reading the state is what moves it from FREEZING on; new processes need a new FROZEN.
    private func freezeLegacy(_ path: String) throws(CgroupError) {
        let file = path + "/freezer.state"
        let deadline = monotonicMilliseconds() + freezeTimeout
        var round = 0
        do throws(SystemError) {
            while true {
                try writeFile(file, "FROZEN")
                if try readText(file) == "FROZEN" { return }
                if monotonicMilliseconds() > deadline { break }
                round += 1
                // One process may wait for another which stopped first: let them get past each other.
                if round % 50 == 0 { try writeFile(file, "THAWED") }
                if round > 10 { pause(milliseconds: 1) }
            }
        } catch {
            throw .system(step: "freeze the cgroup", reason: "\(error)", hint: "")
        }
        try? writeFile(file, "THAWED")  // the error below is the one to tell
        throw stuck(path)
    }

    private func freezeUnified(_ path: String) throws(CgroupError) {
        let isDone = try CgroupError.step("freeze the cgroup") { () throws(SystemError) in
            let events = try FileDescriptor.open(path + "/cgroup.events")
            try writeFile(path + "/cgroup.freeze", "1")
            let deadline = monotonicMilliseconds() + freezeTimeout
            while true {
                let text = String(decoding: try events.read(upTo: 256, at: 0), as: UTF8.self)
                if text.split(separator: "\n").contains("frozen 1") { return true }
                let left = deadline - monotonicMilliseconds()
                if left <= 0 { return false }
                _ = try waitForReadiness([(events.rawValue, .exceptional)], milliseconds: Int32(left))
            }
        }
        if isDone { return }
        try? writeFile(path + "/cgroup.freeze", "0")  // the error below is the one to tell
        throw stuck(path)
    }

    private func stuck(_ path: String) -> CgroupError {
        let pids = Cgroups.processes(below: path).prefix(10).map(String.init).joined(separator: ", ")
        return .system(
            step: "freeze cgroup \(path)", reason: "not every process stopped in \(freezeTimeout / 1000) s",
            hint: "a process in the kernel's uninterruptible sleep cannot; processes: \(pids)")
    }
}

/// Milliseconds.
private let freezeTimeout: Int64 = 10_000
