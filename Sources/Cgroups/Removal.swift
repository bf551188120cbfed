internal import Kernel

extension Cgroup {
    /// Removes the directories and every cgroup below them. Missing is success.
    ///
    /// Waits up to two seconds for processes which are about to end.
    /// - Throws: ``CgroupError/busy(directory:pids:)`` with who is still inside.
    public func remove() throws(CgroupError) {
        let deadline = monotonicMilliseconds() + 2_000
        var failure: CgroupError?
        // A directory that cannot go does not keep the others.
        for path in uniquePaths.reversed() {
            do throws(CgroupError) { try remove(path, deadline) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func remove(_ path: String, _ deadline: Int64) throws(CgroupError) {
        var wait: Int32 = 1
        while true {
            do throws(SystemError) {
                return try removeTree(path)
            } catch {
                if error.errno != .busy {
                    throw .system(step: "remove cgroup \(path)", reason: "\(error)", hint: "")
                }
            }
            let left = deadline - monotonicMilliseconds()
            if left <= 0 { throw .busy(directory: path, pids: Cgroups.processes(below: path)) }
            waitForChange(path, min(wait, Int32(left)))
            wait = min(wait * 2, 50)
        }
    }

    /// Waits for the last process to leave, where the kernel tells (v2), or for `milliseconds`.
    private func waitForChange(_ path: String, _ milliseconds: Int32) {
        guard let events = try? FileDescriptor.open(path + "/cgroup.events") else {
            return pause(milliseconds: milliseconds)
        }
        // The first poll after opening answers at once unless the file has been read.
        let text = (try? events.read(upTo: 256)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard text.hasPrefix("populated 1") else { return pause(milliseconds: milliseconds) }
        _ = try? waitForReadiness([(events.rawValue, .exceptional)], milliseconds: milliseconds)
    }
}

/// Removes the cgroup at `path`, those below it first. The kernel says `EBUSY` while any of them has processes.
private func removeTree(_ path: String) throws(SystemError) {
    do throws(SystemError) {
        return try removeDirectory(path)
    } catch {
        if error.errno == .noEntity { return }
        guard error.errno == .busy || error.errno == .notEmpty else { throw error }
    }
    do throws(SystemError) {
        for child in try subdirectories(path) { try removeTree(child) }
        try removeDirectory(path)
    } catch {
        if !error.isMissing { throw error }
    }
}
