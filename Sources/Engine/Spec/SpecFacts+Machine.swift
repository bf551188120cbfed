internal import ImageStore
internal import JSON
internal import Kernel

extension SpecFacts {
    /// Finds out what the machine and the image have to say about the container: everything that ``rootfs`` and the record lead to.
    package mutating func examine(for record: ContainerRecord) throws(EngineError) {
        identity = try Accounts(rootfs: rootfs).identity(of: record.user, added: record.groups)
        devices = try hostDevices(record)
        capabilities = try ownCapabilities()
        machine = Platform.host.architecture
        hasUnifiedCgroups = isFileSystem("/sys/fs/cgroup", 0x6367_7270)
        limitsSwap = machineLimitsSwap()
        hasMessageQueues = fileExists("/dev/mqueue")
        if record.hasInit { initProgram = findInit() }
        if case .file(let path) = try SecurityOptions(record.securityOptions).seccomp {
            seccomp = try readSeccompProfile(path)
        }
    }
}

/// C: `CGROUP2_SUPER_MAGIC` and its like.
private func isFileSystem(_ path: String, _ magic: Int64) -> Bool {
    do throws(SystemError) { return try fileSystemType(path) == magic } catch { return false }
}

/// Whether the kernel limits swap.
func machineLimitsSwap() -> Bool {
    if fileExists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes") { return true }
    // The root cgroup of v2 has no limits; any other one shows what the kernel was built with.
    let groups = (try? listDirectory("/sys/fs/cgroup")) ?? []
    return groups.contains { fileExists("/sys/fs/cgroup/\($0)/memory.swap.max") }
}

/// Our own init, beside this program, or one of those people install.
private func findInit() -> String? {
    var places = [
        "/usr/libexec/docker/docker-init", "/usr/bin/docker-init", "/usr/bin/tini-static",
        "/usr/libexec/podman/catatonit", "/usr/bin/catatonit",
    ]
    if let own = try? readLink("/proc/self/exe"), let slash = own.lastIndex(of: "/") {
        places.insert("\(own[..<slash])/apus-init", at: 0)
    }
    return places.first(where: fileExists)
}

private func readSeccompProfile(_ path: String) throws(EngineError) -> SeccompProfile {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try readFile(path) } catch {
        throw EngineError("opening seccomp profile (\(path)) failed: \(error.errno.reason)", .invalid)
    }
    do throws(JSONError) { return try SeccompProfile(JSONReader(JSONValue(parsing: bytes))) } catch {
        throw EngineError("decoding seccomp profile (\(path)) failed: \(error)", .invalid)
    }
}
