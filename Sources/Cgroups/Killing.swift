internal import Kernel

extension Cgroup {
    /// Sends `signal` to every process of the cgroup; one that has ended meanwhile is success.
    public func signalAll(_ signal: Int32) throws(CgroupError) {
        if signal == killSignal { return try killAll() }
        for pid in try processes() { try send(signal, pid) }
    }

    /// Ends every process of the cgroup, also of a frozen one, so that none can fork away. Does not wait for
    /// the ends.
    public func killAll() throws(CgroupError) {
        if isUnified, let path = unifiedDirectory {
            do throws(SystemError) {
                return try writeFile(path + "/cgroup.kill", "1")
            } catch {
                // Kernels before 5.14 have no such file; the root and threaded cgroups refuse.
                if error.errno == .noEntity, !fileExists(path) { return }
            }
        }
        // Freezing is dear in v1 (it patches kernel code), and mostly everything has ended with the first process.
        if try processes().isEmpty { return }
        // What is frozen cannot fork. A freeze that fails costs the guarantee, not the kill.
        try? freeze()
        defer { thawBelow() }
        for pid in try processes() { try send(killSignal, pid) }
    }

    /// In v1 nothing ends while it is frozen, and a container may have frozen a cgroup of its own.
    private func thawBelow() {
        try? thaw()
        guard let top = directory(of: "freezer") ?? (isUnified ? unifiedDirectory : nil) else { return }
        let (file, thawed) = isUnified ? ("cgroup.freeze", "0") : ("freezer.state", "THAWED")
        func walk(_ directory: String) {
            for child in (try? subdirectories(directory)) ?? [] {
                try? writeFile("\(child)/\(file)", thawed)
                walk(child)
            }
        }
        walk(top)
    }

    private func send(_ signal: Int32, _ pid: Int32) throws(CgroupError) {
        do throws(SystemError) {
            try sendSignal(signal, to: pid)
        } catch {
            if error.errno == .noProcess { return }
            throw .system(step: "send signal \(signal) to process \(pid)", reason: "\(error)", hint: "")
        }
    }
}

/// C: `SIGKILL`.
private let killSignal: Int32 = 9
