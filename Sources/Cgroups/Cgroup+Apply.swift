internal import Kernel
public import OCISpec

extension Cgroup {
    /// Writes what `resources` asks for, and nothing else: what is absent stays as it is.
    ///
    /// A first `apply` right after ``CgroupPlan/create()`` also sets which devices may be used; later ones do so
    /// only when `resources` has device rules.
    /// - Throws: ``CgroupError`` naming the member of config.json, the file, the value and the kernel's reason.
    public func apply(_ resources: Resources) throws(CgroupError) {
        try limit(resources)
        if isForNewContainer || !resources.devices.isEmpty { try allowDevices(resources.devices) }
    }

    /// The part of ``apply(_:)`` without the devices.
    public func limit(_ resources: Resources) throws(CgroupError) {
        let isNew = isForNewContainer && uniquePaths.allSatisfy(fresh.contains)
        let limits =
            try isUnified || directories.isEmpty
            ? Limit.unified(resources, isNew: isNew) : Limit.legacy(resources, isNew: isNew)
        try checkUsage(resources)
        var waiting: [Limit] = []
        for (index, limit) in limits.enumerated() {
            do throws(LimitRefusal) {
                try write(limit)
            } catch {
                guard error.isEarly, limit.mayHaveToWait else { throw error.error }
                waiting.append(limit)
            }
            let isLast = index + 1 == limits.count || limits[index + 1].controller != limit.controller
            if isLast {
                for late in waiting {
                    do throws(LimitRefusal) { try write(late) } catch { throw error.error }
                }
                waiting = []
            }
        }
    }

    /// Why a limit was not written, and whether it may be written later.
    private struct LimitRefusal: Error {
        var error: CgroupError
        var isEarly = false
    }

    private func write(_ limit: Limit) throws(LimitRefusal) {
        guard let directory = directory(for: limit) else {
            if limit.mayBeMissing { return }
            throw LimitRefusal(error: unavailable(limit))
        }
        for file in limit.files {
            let path = directory + "/" + file.name
            do throws(SystemError) {
                return try writeFile(path, try complete(file.value, path))
            } catch {
                if error.errno == .noEntity { continue }
                let refused = refusal(limit, file, path, error)
                throw LimitRefusal(error: refused, isEarly: error.errno == .invalidArgument)
            }
        }
        if !limit.mayBeMissing { throw LimitRefusal(error: missingFile(limit, directory)) }
    }

    private func directory(for limit: Limit) -> String? {
        isUnified ? unifiedDirectory : directory(of: limit.controller)
    }

    /// Puts the present quota into a `cpu.max` value which keeps it.
    private func complete(_ value: String, _ path: String) throws(SystemError) -> String {
        guard value.hasPrefix(Limit.keptQuota) else { return value }
        let quota = words(path).first ?? "max"
        return String(quota) + value.dropFirst(Limit.keptQuota.utf8.count)
    }

    /// config-linux.md, "Memory", `checkBeforeUpdate`. In v1 the kernel itself refuses such a limit.
    private func checkUsage(_ resources: Resources) throws(CgroupError) {
        guard let memory = resources.memory, memory.checkBeforeUpdate == true, isUnified,
            let path = unifiedDirectory, let text = try? readText(path + "/memory.current"),
            let usage = Int64(text)
        else { return }
        for (name, value) in [("memory.swap", memory.swap), ("memory.limit", memory.limit)] {
            if let value = given(value), value > 0, value <= usage {
                throw .invalid(name, value, "\(usage) bytes are in use, and memory.checkBeforeUpdate is set")
            }
        }
    }
}

// What went wrong, in words.
extension Cgroup {
    private func unavailable(_ limit: Limit) -> CgroupError {
        var hint = "it is not mounted; see /proc/cgroups"
        if let path = unifiedDirectory,
            words(path + "/cgroup.controllers").contains(Substring(limit.controller))
        {
            hint = "it is in the cgroup v2 tree of this machine, all others are in v1"
        }
        if isRootless || directories.isEmpty {
            hint =
                "the container has no cgroup of its own there: a user without root needs a delegated one, for "
                + "example systemd-run --user --scope -p Delegate=yes"
        }
        return .unavailable(path: "linux.resources." + limit.path, controller: limit.controller, hint: hint)
    }

    private func missingFile(_ limit: Limit, _ directory: String) -> CgroupError {
        let path = "linux.resources." + limit.path
        let names = limit.files.map(\.name)
        let name = names.joined(separator: " or ")
        if !fileExists(directory) {
            return .refused(
                path: path, file: "\(directory)/\(name)", value: limit.files[0].value,
                reason: "the cgroup does not exist any more")
        }
        if isUnified, limit.controller != "cgroup",
            !words(directory + "/cgroup.controllers").contains(Substring(limit.controller))
        {
            return .unavailable(
                path: path, controller: limit.controller,
                hint:
                    "every cgroup above \(directory) must have +\(limit.controller) in cgroup.subtree_control"
            )
        }
        var reason = "this kernel has no such file"
        if name.contains("weight") { reason += "; weights need the BFQ scheduler or blk-iocost" }
        if name.contains("swap") || name.contains("memsw") {
            reason += "; swap accounting is off (swapaccount=1)"
        }
        return .refused(path: path, file: "\(directory)/\(name)", value: limit.files[0].value, reason: reason)
    }

    private func refusal(_ limit: Limit, _ file: Limit.File, _ path: String, _ error: SystemError)
        -> CgroupError
    {
        var reason = error.reason
        let directory = CgroupPath.parent(path)
        if limit.controller == "memory", error.errno == .busy || error.errno == .invalidArgument {
            let current = isUnified ? "memory.current" : "memory.usage_in_bytes"
            if let usage = try? readText("\(directory)/\(current)") { reason += "; in use: \(usage) bytes" }
        }
        if limit.controller == "cpuset",
            let above = try? readText("\(CgroupPath.parent(directory))/\(file.name)")
        {
            reason += "; the cgroup above has \(above.isEmpty ? "none" : above)"
        }
        if file.name.hasPrefix("cpu.rt_") {
            reason += "; every cgroup above needs a share of the real-time runtime"
        }
        return .refused(path: "linux.resources." + limit.path, file: path, value: file.value, reason: reason)
    }
}
