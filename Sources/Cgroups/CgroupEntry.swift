internal import Kernel

/// What a new process needs to get into a container's cgroup, opened with the runtime's rights.
///
/// In v1 the process moves itself, by writing `0` to `tasks`: for its own single thread the kernel skips the
/// lock over all forks of the machine, which costs a grace period (10 ms measured) when anybody else writes,
/// and with `cgroup.procs` always. In v2 it is born inside, through ``directory``.
public struct CgroupEntry: ~Copyable {
    private let unified: FileDescriptor?
    private let tasks: [Int32]

    init(unified: consuming FileDescriptor?, tasks: [Int32]) {
        self.unified = unified
        self.tasks = tasks
    }

    deinit { for number in tasks { _ = FileDescriptor(owning: number) } }

    /// The v2 directory for `cloneProcess(cgroup:)`; `nil` when there is none. Valid while `self` is alive.
    public var directory: Int32? {
        borrowing get {
            switch unified {
            case .some(let open): open.rawValue
            case .none: nil
            }
        }
    }

    /// Moves the calling process, which has one thread, into the v1 hierarchies. Called in the new process,
    /// before it makes a cgroup namespace.
    public borrowing func enter() throws(CgroupError) {
        for number in tasks {
            let file = BorrowedDescriptor(number)
            do throws(SystemError) {
                try file.write("0")
            } catch {
                var hint = ""
                if error.errno == .noSpace { hint = "its cpuset.cpus or cpuset.mems is empty" }
                throw .system(step: "enter the container's cgroup", reason: error.reason, hint: hint)
            }
        }
    }
}

extension Cgroup {
    /// Opens the way in.
    ///
    /// `subgroups` are other directories below the container's, as `exec --cgroup` takes them; an empty
    /// controller means all hierarchies. `companion` is a process of the container: where the container has
    /// divided its own v2 cgroup, so that it can hold no process, the new process goes to where this one is.
    /// - Throws: ``CgroupError`` when a directory is missing or a subgroup leads out of the container's.
    public func entry(
        subgroups: [(controller: String, path: String)] = [], companion: Int32? = nil
    ) throws(CgroupError) -> CgroupEntry {
        let targets = try targets(subgroups)
        var files = DescriptorList()
        var unified: FileDescriptor?
        for target in targets {
            do throws(SystemError) {
                if target.controller.isEmpty {
                    let path = subgroups.isEmpty ? populated(target.path, companion) : target.path
                    unified = try FileDescriptor.open(path, [.reference, .directory])
                } else {
                    files.append(try FileDescriptor.open(target.path + "/tasks", .writeOnly))
                }
            } catch { try tolerate(error, target, isOwn: subgroups.isEmpty) }
        }
        return CgroupEntry(unified: unified, tasks: files.release())
    }

    /// A rootless container has no directory where its user may not make one.
    private func tolerate(
        _ error: SystemError, _ target: CgroupDirectory, isOwn: Bool
    ) throws(CgroupError) {
        if isOwn, error.isMissing, isRootless, !fileExists(target.path) { return }
        var hint = ""
        if error.isMissing {
            hint =
                isOwn
                ? "the container has ended, or somebody removed it" : "only the container makes subgroups"
        }
        throw .system(step: "enter cgroup \(target.path)", reason: "\(error)", hint: hint)
    }

    /// Moves the process `pid` into the cgroup.
    public func add(
        _ pid: Int32, subgroups: [(controller: String, path: String)] = []
    ) throws(CgroupError) {
        for target in try targets(subgroups) {
            do throws(SystemError) {
                try move(pid, into: target.path + "/cgroup.procs")
            } catch { try tolerate(error, target, isOwn: subgroups.isEmpty) }
        }
    }

    private func move(_ pid: Int32, into file: String) throws(SystemError) {
        for _ in 0..<5 {
            do throws(SystemError) {
                return try writeFile(file, String(pid))
            } catch {
                // A process that is being born cannot move yet.
                guard error.errno == .invalidArgument else { throw error }
                pause(milliseconds: 2)
            }
        }
        try writeFile(file, String(pid))
    }

    /// One directory of each hierarchy.
    private func targets(
        _ subgroups: [(controller: String, path: String)]
    ) throws(CgroupError) -> [CgroupDirectory] {
        var targets: [CgroupDirectory] = []
        for directory in directories where !targets.contains(where: { $0.path == directory.path }) {
            targets.append(directory)
        }
        for (controller, path) in subgroups {
            let wanted = controller == "" ? nil : controller
            if let wanted, self.directory(of: wanted) == nil {
                throw .invalid(
                    path: "--cgroup", value: wanted, reason: "the container has no such controller")
            }
            if path.split(separator: "/").contains("..") {
                throw .invalid(
                    path: "--cgroup", value: path, reason: "must stay below the container's cgroup")
            }
            let top = wanted.flatMap(self.directory(of:))
            targets = targets.map { target in
                // Co-mounted controllers have one directory, which any of their names stands for.
                guard let base = top ?? self.directory(of: target.controller),
                    wanted == nil || isSame(target, base)
                else { return target }
                return CgroupDirectory(controller: target.controller, path: CgroupPath.join(base, path))
            }
        }
        return targets
    }

    private func isSame(_ target: CgroupDirectory, _ base: String) -> Bool {
        self.directory(of: target.controller) == base
    }

    private func populated(_ path: String, _ companion: Int32?) -> String {
        guard let companion, !words(path + "/cgroup.subtree_control").isEmpty,
            let lines = try? readText("/proc/\(companion)/cgroup"),
            let line = lines.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }),
            let layout = try? CgroupLayout.detect(),
            let top = layout.hierarchies.first(where: { $0.controllers.isEmpty })?.mountPoint
        else { return path }
        let found = CgroupPath.join(top, String(line.dropFirst(3)))
        return found.hasPrefix(path + "/") ? found : path
    }
}

/// A descriptor somebody else owns.
private struct BorrowedDescriptor {
    let number: Int32
    init(_ number: Int32) { self.number = number }

    func write(_ text: String) throws(SystemError) {
        let file = FileDescriptor(owning: number)
        do throws(SystemError) {
            try file.write(text)
        } catch {
            _ = file.release()
            throw error
        }
        _ = file.release()
    }
}

/// Owned descriptors which close together unless they are handed over.
private struct DescriptorList: ~Copyable {
    private var numbers: [Int32] = []
    mutating func append(_ file: consuming FileDescriptor) { numbers.append(file.release()) }
    deinit { for number in numbers { _ = FileDescriptor(owning: number) } }
    consuming func release() -> [Int32] {
        let all = numbers
        numbers = []
        return all
    }
}
