internal import Kernel
internal import OCISpec

/// Writes the id maps of a new user namespace. user_namespaces(7).
struct IDMaps {
    let users: [IDMapping]
    let groups: [IDMapping]

    /// Maps the user namespace of `pid`, a child of this process.
    ///
    /// Root writes the files. Others may map only themselves; everything more is asked of newuidmap(1) and
    /// newgidmap(1), which look into /etc/subuid and /etc/subgid.
    func write(for pid: Int32) throws(RuntimeError) {
        if isOwnIDOnly {
            try put("deny", "setgroups", pid)
            try put(Self.text(users), "uid_map", pid)
            try put(Self.text(groups), "gid_map", pid)
        } else if effectiveUserID() == 0 {
            try put(Self.text(users), "uid_map", pid)
            try put(Self.text(groups), "gid_map", pid)
        } else {
            try runHelper("newuidmap", users, pid)
            try runHelper("newgidmap", groups, pid)
        }
    }

    /// What an ordinary user may write himself.
    private var isOwnIDOnly: Bool {
        effectiveUserID() != 0 && users.count == 1 && groups.count == 1 && users[0].size == 1
            && groups[0].size == 1
            && users[0].hostID == effectiveUserID() && groups[0].hostID == effectiveGroupID()
    }

    static func text(_ maps: [IDMapping]) -> String {
        maps.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
    }

    private func put(_ text: String, _ file: String, _ pid: Int32) throws(RuntimeError) {
        try RuntimeError.step("map the ids of the user namespace") { () throws(SystemError) in
            try writeFile("/proc/\(pid)/\(file)", text)
        }
    }

    private func runHelper(_ name: String, _ maps: [IDMapping], _ pid: Int32) throws(RuntimeError) {
        guard
            let path = ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/bin/"].map({ $0 + name }).first(
                where: fileExists)
        else {
            throw .system(
                step: "map the ids of the user namespace", reason: "\(name) is not installed (package uidmap)"
            )
        }
        let numbers = maps.flatMap { ["\($0.containerID)", "\($0.hostID)", "\($0.size)"] }
        let program = Program(
            path: path, arguments: [path, "\(pid)"] + numbers, environment: environmentWords())
        let result = try RuntimeError.step("run \(name)") { () throws(SystemError) in try program.run() }
        guard result.status == .exited(0) else {
            let reason = result.errorText.split(separator: "\n").first.map(String.init) ?? "failed"
            throw .system(
                step: "map the ids of the user namespace",
                reason: "\(reason) (are the ranges in /etc/sub\(name == "newuidmap" ? "u" : "g")id?)")
        }
    }
}
