internal import Kernel

extension Cgroup {
    /// Pids of every process in the cgroup and below it, as this process's pid namespace counts, in order.
    ///
    /// - Throws: ``CgroupError`` when the kernel does not let the list be read; a missing cgroup is empty.
    public func processes() throws(CgroupError) -> [Int32] {
        guard let path = processDirectory else { return [] }
        return try CgroupError.step("list the processes of cgroup \(path)") { () throws(SystemError) in
            var found: Set<Int32> = []
            try collect(path, &found, isTop: true)
            return found.sorted()
        }
    }

    /// The hierarchy least likely to be divided by the container: all have the same processes.
    var processDirectory: String? {
        for controller in ["devices", "pids", "freezer", "memory", ""] {
            if let path = directory(of: controller) { return path }
        }
        return directories.first?.path
    }
}

/// Pids below `directory`; empty when it cannot be read.
func processes(below directory: String) -> [Int32] {
    var found: Set<Int32> = []
    try? collect(directory, &found, isTop: true)
    return found.sorted()
}

private func collect(_ directory: String, _ found: inout Set<Int32>, isTop: Bool) throws(SystemError) {
    do throws(SystemError) {
        insertNumbers(try readFile(directory + "/cgroup.procs"), &found)
        for child in try subdirectories(directory) { try collect(child, &found, isTop: false) }
    } catch {
        // Gone meanwhile: nothing is in it.
        if error.isMissing { return }
        // A threaded v2 cgroup lists no processes. Those above it that are not list its processes, too.
        guard error.errno == .notSupported else { throw error }
        if isTop { insertNumbers(try readFile(directory + "/cgroup.threads"), &found) }
    }
}

/// Cgroups right below `directory`. One stat(2) when there are none: kernfs counts them as links.
func subdirectories(_ directory: String) throws(SystemError) -> [String] {
    if try fileStatus(directory).links == 2 { return [] }
    return try FileDescriptor.open(directory, .directory).entries()
        .filter(\.isDirectory).map { "\(directory)/\($0.name)" }
}

private func insertNumbers(_ bytes: [UInt8], _ found: inout Set<Int32>) {
    var number: Int32 = 0
    for byte in bytes {
        if byte >= 48, byte <= 57 {
            number = number &* 10 &+ Int32(byte - 48)
        } else {
            // 0 stands for a process this pid namespace cannot see.
            if number != 0 { found.insert(number) }
            number = 0
        }
    }
    if number != 0 { found.insert(number) }
}
