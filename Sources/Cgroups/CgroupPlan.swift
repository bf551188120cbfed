internal import Kernel

/// Where a container's cgroup will be, before anything is made.
public struct CgroupPlan: Hashable, Sendable {
    /// The directory of the container in one hierarchy.
    struct Place: Hashable, Sendable {
        var controllers: [String]
        var mountPoint: String
        var directory: String
    }

    let places: [Place]
    /// Whether config.json says where, so that it must be there and nowhere else.
    let isPathGiven: Bool
    let isRootless: Bool

    /// Works out the directories.
    ///
    /// `cgroupsPath` is `linux.cgroupsPath` of config.json. `isRootless` says that the runtime's user is not root;
    /// being root of an inner user namespace only is found out here. Then, and only without a `cgroupsPath`, a
    /// directory that may not be made is left out.
    /// - Throws: ``CgroupError/invalid(path:value:reason:)`` when the path is the root of the hierarchy.
    public init(
        layout: CgroupLayout, cgroupsPath: String?, id: String, isRootless: Bool = false
    ) throws(CgroupError) {
        places = layout.hierarchies.map {
            Place(
                controllers: $0.controllers, mountPoint: $0.mountPoint,
                directory: $0.directory(cgroupsPath, id: id))
        }
        isPathGiven = !(cgroupsPath ?? "").isEmpty
        self.isRootless = isRootless
        for place in places where place.directory == place.mountPoint {
            throw .invalid(
                path: "linux.cgroupsPath", value: cgroupsPath ?? "",
                reason: "this is the root of the hierarchy, which a container cannot have")
        }
    }

    /// The directories by controller, as ``Cgroup/init(saved:)`` takes them. The key of a v2 directory is empty.
    public var saved: [String: String] { paths(places).saved }

    /// Makes the directories.
    ///
    /// A cgroup that exists already is taken over when no process is in it and it is not frozen.
    /// - Throws: ``CgroupError``; whatever was made is removed again.
    public func create() throws(CgroupError) -> Cgroup {
        var undo = UndoStack()
        var made: [String] = []
        var kept: [Place] = []
        for place in places {
            let maker = DirectoryMaker(place: place)
            do throws(SystemError) {
                for directory in try maker.make(&undo) { made.append(directory) }
            } catch {
                if !isPathGiven, error.isPermission, isRootless || isInnerUserNamespace() { continue }
                throw refusal(place, error)
            }
            if !made.contains(place.directory) { try CgroupPlan.inspect(place) }
            try prepare(place, isNew: made.contains(place.directory))
            kept.append(place)
        }
        undo.keep()
        return Cgroup(paths(kept), fresh: made, isRootless: isRootless)
    }

    private func paths(_ places: [Place]) -> [CgroupDirectory] {
        places.flatMap { place in
            place.controllers.isEmpty
                ? [CgroupDirectory(controller: "", path: place.directory)]
                : place.controllers.map { CgroupDirectory(controller: $0, path: place.directory) }
        }
    }

    private func refusal(_ place: Place, _ error: SystemError) -> CgroupError {
        var hint = ""
        if error.isPermission, isRootless || isInnerUserNamespace() {
            hint = "a user without root needs a delegated cgroup: systemd-run --user --scope -p Delegate=yes"
        } else if error.errno == .noSpace {
            hint = "too many cgroups: see cgroup.max.descendants and cgroup.max.depth of the cgroups above"
        }
        return .system(step: "make cgroup \(place.directory)", reason: "\(error)", hint: hint)
    }
}

/// Makes one directory and those above it, each with its undo.
private struct DirectoryMaker {
    let place: CgroupPlan.Place

    /// Makes what is missing; answers what was made, the top first.
    func make(_ undo: inout UndoStack) throws(SystemError) -> [String] {
        try make(place.directory, &undo)
    }

    private func make(
        _ directory: String, _ undo: inout UndoStack, attempts: Int = 3
    ) throws(SystemError) -> [String] {
        do throws(SystemError) {
            try makeDirectory(directory, mode: 0o755)
        } catch {
            if error.errno == .exists { return [] }
            // The parents first, and only now: most of the time they are there.
            guard error.errno == .noEntity, directory != place.mountPoint else { throw error }
            let above = try make(CgroupPath.parent(directory), &undo)
            // Another container's end may take the parent away as the last one in it, and a third one's start put it back.
            guard !above.isEmpty || attempts > 1 else { throw error }
            return above + (try make(directory, &undo, attempts: attempts - 1))
        }
        undo.push { try? removeDirectory(directory) }  // best effort: the first error is the one to tell
        return [directory]
    }
}

extension CgroupPlan {
    /// Refuses a directory somebody else left in a state a new container must not start in.
    private static func inspect(_ place: Place) throws(CgroupError) {
        let isUnified = place.controllers.isEmpty
        if isUnified || place.controllers.contains("freezer"), isFrozen(place) {
            throw .occupied(directory: place.directory, reason: "it is frozen; thaw or remove it")
        }
        let inside = processes(below: place.directory)
        if !inside.isEmpty {
            throw .occupied(
                directory: place.directory,
                reason: "it is not empty: \(inside.count) process(es), the first is \(inside[0])")
        }
    }

    private static func isFrozen(_ place: Place) -> Bool {
        // A kernel without a freezer has no such file.
        if place.controllers.isEmpty { return (try? readText(place.directory + "/cgroup.freeze")) == "1" }
        let state = try? readText(place.directory + "/freezer.state")
        return state == "FROZEN" || state == "FREEZING"
    }

    /// Makes the directory fit for processes.
    private func prepare(_ place: Place, isNew: Bool) throws(CgroupError) {
        if place.controllers.contains("cpuset") {
            try CgroupError.step("fill the cpuset \(place.directory)") { () throws(SystemError) in
                try CPUSet.fill(place.directory, below: place.mountPoint, isNew: isNew)
            }
        }
        // Next to v1 hierarchies the v2 tree limits nothing.
        if place.controllers.isEmpty, places.count == 1 { enableControllers(place) }
    }

    /// Hands the controllers of the top down to `place`. cgroups(7), "cgroup.subtree_control".
    ///
    /// Best effort: a controller that is in nobody's way is only missed by the limit that needs it.
    private func enableControllers(_ place: Place) {
        let top = words(place.mountPoint + "/cgroup.controllers")
        if top.isEmpty || words(place.directory + "/cgroup.controllers").count == top.count { return }
        var above: [String] = []
        var directory = CgroupPath.parent(place.directory)
        while directory.utf8.count > place.mountPoint.utf8.count {
            above.append(directory)
            directory = CgroupPath.parent(directory)
        }
        for directory in [place.mountPoint] + above.reversed() { enableAll(directory) }
    }

    private func enableAll(_ directory: String) {
        let enabled = words(directory + "/cgroup.subtree_control")
        let missing = words(directory + "/cgroup.controllers").filter { !enabled.contains($0) }
        if missing.isEmpty { return }
        let file = directory + "/cgroup.subtree_control"
        if (try? writeFile(file, missing.map { "+\($0)" }.joined(separator: " "))) != nil { return }
        // The kernel takes all or none; one of them may be refused, for example cpu next to real-time processes.
        for controller in missing { try? writeFile(file, "+\(controller)") }
    }
}

/// Whether user ids are not those of the machine: root of this process is not root of the machine.
func isInnerUserNamespace() -> Bool {
    let map = words("/proc/self/uid_map")
    return !map.isEmpty && map != ["0", "0", "4294967295"]
}

/// The words of a control file; none when it cannot be read.
func words(_ path: String) -> [Substring] {
    guard let text = try? readText(path) else { return [] }
    return String(text).split { $0 == " " || $0 == "\n" }
}

/// A v1 cpuset, which takes no process before it has processors and memory nodes. cpuset(7).
enum CPUSet {
    /// Copies what is empty in `directory` from the cpuset above it.
    static func fill(_ directory: String, below top: String, isNew: Bool) throws(SystemError) {
        for name in ["cpuset.cpus", "cpuset.mems"] {
            var isEmpty = isNew
            if !isEmpty { isEmpty = try readText("\(directory)/\(name)").isEmpty }
            if isEmpty {
                try inherit(name, directory, below: top)
            }
        }
    }

    private static func inherit(_ name: String, _ directory: String, below top: String) throws(SystemError) {
        if directory == top { return }
        let parent = CgroupPath.parent(directory)
        var value = try readText("\(parent)/\(name)")
        if value.isEmpty {
            try inherit(name, parent, below: top)
            value = try readText("\(parent)/\(name)")
        }
        try writeFile("\(directory)/\(name)", value)
    }
}
