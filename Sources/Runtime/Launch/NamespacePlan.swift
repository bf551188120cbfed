package import Kernel
package import OCISpec

/// Which namespaces the container gets, and how its first process comes into them.
package struct NamespacePlan: Hashable, Sendable {
    /// A namespace that exists already.
    package struct Join: Hashable, Sendable {
        package let kind: NamespaceSet
        package let path: String
    }

    /// Made by clone3(2) for the first process.
    package private(set) var atBirth: NamespaceSet = []
    /// Made by the first process itself, while the runtime does other things: a network namespace costs more than all
    /// else of a clone, and clone3(2) keeps the parent waiting for it.
    package private(set) var madeInside: NamespaceSet = []
    /// Made by the stagehand: its offsets must be written before the first process enters it.
    package private(set) var hasNewTimeNamespace = false
    /// In the order they are entered: the user namespace first, it gives the rights over the others.
    package private(set) var joins: [Join] = []
    /// Every kind the document names, new or joined.
    package private(set) var held: NamespaceSet = []

    package init(_ namespaces: [Namespace]) {
        for namespace in namespaces {
            let kind = NamespaceSet(namespace.type)
            held.insert(kind)
            if let path = namespace.path {
                joins.append(Join(kind: kind, path: path))
            } else if kind == .time {
                hasNewTimeNamespace = true
            } else if Self.bornWith.contains(kind) {
                atBirth.insert(kind)
            } else {
                madeInside.insert(kind)
            }
        }
    }

    /// A process is in its pid namespace from birth or never, and its rights come from its user namespace.
    private static let bornWith: NamespaceSet = [.pid, .user, .mount]

    /// Those of ``madeInside`` the process makes before it enters its cgroup, so that what a network namespace costs the
    /// kernel (90 kB) is not taken from the container's memory limit, as with the peers.
    ///
    /// The root of a cgroup namespace is the cgroup its maker is in, and who makes a namespace in a user namespace must
    /// be root there first, or what is in it is nobody's.
    package var madeBeforeCgroup: NamespaceSet {
        needsStagehand || hasUserNamespace ? [] : madeInside.subtracting(.cgroup)
    }

    /// Whether the first process has a user namespace of its own, new or joined.
    package var hasUserNamespace: Bool { held.contains(.user) }

    /// Whether a process in between is needed: what setns(2) and unshare(2) say of pid and time namespaces
    /// holds for children only, and a process born in a new user namespace has no rights over other ones.
    package var needsStagehand: Bool {
        if hasNewTimeNamespace { return true }
        if joins.contains(where: { $0.kind == .pid || $0.kind == .user }) { return true }
        return atBirth.contains(.user) && !joins.isEmpty
    }
}

extension NamespaceSet {
    init(_ kind: Namespace.Kind) {
        switch kind {
        case .pid: self = .pid
        case .network: self = .network
        case .mount: self = .mount
        case .ipc: self = .ipc
        case .uts: self = .uts
        case .user: self = .user
        case .cgroup: self = .cgroup
        case .time: self = .time
        }
    }
}

extension NamespacePlan {
    /// What the process in between does, or `nil` where none is needed. See ``Birth``.
    func stagehand(_ offsets: [TimeOffset]) -> (() throws(RuntimeError) -> Void)? {
        guard needsStagehand else { return nil }
        return { () throws(RuntimeError) in
            try enter(except: .mount)
            if hasNewTimeNamespace { try Self.makeTimeNamespace(offsets) }
        }
    }

    private static func makeTimeNamespace(_ offsets: [TimeOffset]) throws(RuntimeError) {
        try RuntimeError.step("make a time namespace") { () throws(SystemError) in
            try unshareNamespaces(.time)
            let lines = offsets.map { "\($0.clock.rawValue) \($0.secs) \($0.nanosecs)\n" }.joined()
            if !lines.isEmpty { try writeFile("/proc/self/timens_offsets", lines) }
        }
    }

    /// Enters every namespace of ``joins`` except those of `left`.
    ///
    /// One that belongs to the user namespace to be joined can only be entered after it, one that belongs to
    /// the runtime's only before: the first try is before, what is refused comes after.
    func enter(except left: NamespaceSet = []) throws(RuntimeError) {
        var later: [Join] = []
        let first = joins.filter { !left.contains($0.kind) }
        let user = first.first { $0.kind == .user }
        for join in first where join.kind != .user {
            do throws(RuntimeError) {
                try Self.enter(join)
            } catch {
                if user == nil { throw error }
                later.append(join)
            }
        }
        if let user { try Self.enter(user) }
        for join in later { try Self.enter(join) }
    }

    private static func enter(_ join: Join) throws(RuntimeError) {
        try RuntimeError.step("join the \(join.kind) namespace \(join.path)") { () throws(SystemError) in
            try enterNamespaces(FileDescriptor.open(join.path), join.kind)
        }
    }
}
