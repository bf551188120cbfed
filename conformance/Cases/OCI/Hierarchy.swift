import Kernel

/// A cgroup hierarchy of this machine. cgroups(7)
struct Hierarchy: Hashable {
    /// Where it is mounted.
    let mountPoint: String
    /// Whether it is the one of version 2.
    let isUnified: Bool
    /// The fields of /proc/PID/cgroup that begin a line about it, for example `4:memory`.
    let controllers: [String]

    /// The hierarchy with the controller `name`, if this machine has one that is mounted.
    static func of(_ name: String) -> Hierarchy? {
        all().first { $0.controllers.contains(name) }
    }

    /// The hierarchies which are mounted.
    static func all() -> [Hierarchy] {
        do throws(SystemError) {
            let table = try mountTable()
            let old = table.filter { $0.type == "cgroup" }.map { mount in
                Hierarchy(
                    mountPoint: mount.point, isUnified: false,
                    controllers: mount.superOptions.split(separator: ",").map(String.init))
            }
            var new: [Hierarchy] = []
            for mount in table where mount.type == "cgroup2" {
                // Devices and the freezer are in the new one without a controller.
                let elsewhere = old.flatMap(\.controllers)
                let names = try readText(mount.point + "/cgroup.controllers").split {
                    $0 == " " || $0 == "\n"
                }
                new.append(
                    Hierarchy(
                        mountPoint: mount.point, isUnified: true,
                        controllers: names.map(String.init)
                            + ["devices", "freezer"].filter { !elsewhere.contains($0) }))
            }
            return old + new
        } catch { return [] }
    }

    /// The directory of the process `pid` in it; `nil` when the process has gone.
    func directory(of pid: Int32) -> String? {
        do throws(SystemError) {
            for line in try readText("/proc/\(pid)/cgroup").split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard parts.count == 3 else { continue }
                let names = parts[1].split(separator: ",").map(String.init)
                let isMine = isUnified ? parts[0] == "0" : names.contains(where: controllers.contains)
                if isMine { return mountPoint + (parts[2] == "/" ? "" : parts[2]) }
            }
        } catch {}
        return nil
    }

    /// Whether a cgroup of it has the file `name`. The root may have fewer files than the rest.
    func hasFile(_ name: String) -> Bool {
        if fileExists("\(mountPoint)/\(name)") { return true }
        do throws(SystemError) {
            let probe = mountPoint + "/conformance-look-\(processID())"
            try makeDirectory(probe, mode: 0o755)
            defer { do throws(SystemError) { try removeDirectory(probe) } catch {} }
            return fileExists("\(probe)/\(name)")
        } catch { return false }
    }
}

/// Where the cgroup hierarchies of this machine are mounted.
package func cgroupMountPoints() -> [String] { Hierarchy.all().map(\.mountPoint) }

/// A line of /proc/PID/mountinfo. proc_pid_mountinfo(5)
struct MountLine: Hashable {
    let root: String
    let point: String
    let options: [String]
    /// For example `shared:1`; empty for a private mount.
    let propagation: [String]
    let type: String
    let source: String
    let superOptions: String

    init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else { return nil }
        root = words[3]
        point = words[4]
        options = words[5].split(separator: ",").map(String.init)
        propagation = Array(words[6..<dash])
        type = words[dash + 1]
        source = words[dash + 2]
        superOptions = words[dash + 3]
    }
}

/// The mounts of this process, or of another one.
func mountTable(of process: String = "self") throws(SystemError) -> [MountLine] {
    try readText("/proc/\(process)/mountinfo").split(separator: "\n").compactMap { MountLine($0) }
}
