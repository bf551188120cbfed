import JSON
import Kernel
import Suite

private let place = "config-linux.md#namespaces"

private let types = should(
    "namespaces.types",
    "The following namespace types SHOULD be supported: pid, network, mount, ipc, uts, user, cgroup, time",
    place)
private let byPath = must(
    "namespaces.path",
    "The runtime MUST place the container process in the namespace associated with that `path`.", place)
private let absolute = must(
    "namespaces.path.absolute", "This value MUST be an absolute path in the runtime mount namespace.", place)
private let wrongType = must(
    "namespaces.path.wrong-type",
    "The runtime MUST generate an error if `path` is not associated with a namespace of type `type`.", place)
private let new = must(
    "namespaces.new",
    "If `path` is not specified, the runtime MUST create a new container namespace of type `type`.", place)
private let inherited = must(
    "namespaces.inherited",
    "If a namespace type is not specified in the `namespaces` array, the container MUST inherit the runtime namespace of that type.",
    place)
private let duplicates = must(
    "namespaces.duplicates",
    "If a `namespaces` field contains duplicated namespaces with same `type`, the runtime MUST generate an error.",
    place)
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")

/// A type of namespace: its name in the configuration, and in /proc/PID/ns.
private struct Kind {
    let type: String
    let file: String
    let flag: NamespaceSet
    var version = "1.0.0"

    static let all = [
        Kind(type: "pid", file: "pid", flag: .pid), Kind(type: "network", file: "net", flag: .network),
        Kind(type: "mount", file: "mnt", flag: .mount), Kind(type: "ipc", file: "ipc", flag: .ipc),
        Kind(type: "uts", file: "uts", flag: .uts), Kind(type: "user", file: "user", flag: .user),
        Kind(type: "cgroup", file: "cgroup", flag: .cgroup),
        Kind(type: "time", file: "time", flag: .time, version: "1.1.0"),
    ]

    var needs: [Need<Runtime>] {
        [.namespace(file), .since(version), .feature("linux.namespaces", type)]
    }
}

/// config-linux.md, "Namespaces".
let namespacesSection = Section(
    "namespaces",
    Kind.all.map(newCase) + Kind.all.filter { $0.type != "mount" }.map(inheritedCase)
        + Kind.all.filter { !["mount", "user"].contains($0.type) }.map(pathCase) + [
            mountPathCase, userPathCase,
        ]
        + Kind.all.map(wrongTypeCase) + [
            check("oci.namespaces.duplicate", "the same type twice is an error", duplicates) {
                bench throws(Stop) in
                bench.config.append("linux.namespaces", #"{"type": "uts"}"#)
                try bench.mustRefuse("uts is there twice")
            },
            check("oci.namespaces.unknown", "a type nobody knows is an error", invalid) {
                bench throws(Stop) in
                bench.config.append("linux.namespaces", #"{"type": "nonsense"}"#)
                try bench.mustRefuse("there is no namespace `nonsense`")
            },
            check("oci.namespaces.missing-path", "a path that is not there is an error", byPath) {
                bench throws(Stop) in
                bench.setNamespace("uts", path: "/no/such/namespace")
                try bench.mustRefuse("the namespace is not there")
            },
            check("oci.namespaces.relative-path", "a path that is not absolute is an error", absolute) {
                bench throws(Stop) in
                try prepare("the directory") { () throws(SystemError) in try changeDirectory("/proc/self/ns")
                }
                bench.setNamespace("uts", path: "uts")
                try bench.mustRefuse("the path is relative")
            },
            check("oci.namespaces.plain-file", "a path to a file that is no namespace is an error", wrongType)
            { bench throws(Stop) in
                bench.setNamespace("uts", path: bench.runtime.probe)
                try bench.mustRefuse("the path leads to a program")
            },
            check("oci.namespaces.pid-one", "in a new pid namespace the program is process 1 and alone", new)
            { bench throws(Stop) in
                let seen = try bench.run("pid", "list /proc")
                try seen.expect("pid", "1")
                let others = try seen.value("list /proc").strings.filter { Int32($0) != nil && $0 != "1" }
                try require(others.isEmpty, "no other process", seen: others.joined(separator: " "))
            },
            check(
                "oci.namespaces.network-lo", "a new network namespace has nothing of the host's network", new
            ) { bench throws(Stop) in
                bench.config.append("linux.namespaces", #"{"type": "network"}"#)
                let lines = try bench.run("read /proc/net/dev").text("read /proc/net/dev").split(
                    separator: "\n"
                ).dropFirst(2)
                let strangers = lines.map { $0.split(separator: ":")[0].filter { $0 != " " } }.filter {
                    !quiet.contains($0)
                }
                try require(strangers.isEmpty, "no link but lo", seen: strangers.joined(separator: " "))
            },
        ])

/// Links the kernel puts into every new network namespace, depending on what it was built with.
private let quiet: Set<String> = [
    "lo", "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
]

private func newCase(_ kind: Kind) -> Case<ContainerBench> {
    check(
        "oci.namespaces.new-\(kind.type)", "without a path the \(kind.type) namespace is a new one", new,
        types, needs: kind.needs
    ) { bench throws(Stop) in
        bench.setNamespace(kind.type)
        if kind.type == "user" { try bench.mapUsers() }
        let its = try bench.run("namespaces").value("namespaces").member(kind.file)?.string
        let mine = try prepare("a look") { () throws(SystemError) in
            try readLink("/proc/self/ns/\(kind.file)")
        }
        try require(its != mine, "another \(kind.type) namespace than \(mine)", seen: its ?? "none")
    }
}

private func inheritedCase(_ kind: Kind) -> Case<ContainerBench> {
    check(
        "oci.namespaces.inherited-\(kind.type)",
        "a type that is not named is the runtime's \(kind.type) namespace", inherited,
        needs: [.namespace(kind.file)]
    ) { bench throws(Stop) in
        bench.setNamespace(kind.type, present: false)
        let its = try bench.run("namespaces").value("namespaces").member(kind.file)?.string
        let mine = try prepare("a look") { () throws(SystemError) in
            try readLink("/proc/self/ns/\(kind.file)")
        }
        try require(its == mine, "the \(kind.type) namespace \(mine)", seen: its ?? "none")
    }
}

private func pathCase(_ kind: Kind) -> Case<ContainerBench> {
    check(
        "oci.namespaces.path-\(kind.type)", "with a path the \(kind.type) namespace is the one there", byPath,
        needs: kind.needs
    ) { bench throws(Stop) in
        let keeper = try bench.keeper(of: kind.flag)
        let file = kind.type == "time" ? "time_for_children" : kind.file
        bench.setNamespace(kind.type, path: "/proc/\(keeper)/ns/\(file)")
        let wanted = try prepare("a look") { () throws(SystemError) in
            try readLink("/proc/\(keeper)/ns/\(file)")
        }
        let its = try bench.run("namespaces").value("namespaces").member(kind.file)?.string ?? ""
        let number = { (text: String) in text.drop { $0 != "[" } }
        try require(number(its) == number(wanted), "the namespace \(wanted)", seen: its)
    }
}

private let mountPathCase = check(
    "oci.namespaces.path-mount", "with a path the mount namespace is the one there", byPath
) { bench throws(Stop) in
    let keeper = try bench.keeper(of: .mount)
    bench.setNamespace("mount", path: "/proc/\(keeper)/ns/mnt")
    let wanted = try prepare("a look") { () throws(SystemError) in try readLink("/proc/\(keeper)/ns/mnt") }
    // A program that makes another root in somebody's mount namespace would take his away.
    let answer = try bench.create()
    guard answer.isSuccess else {
        throw .skip("the runtime refuses to join a mount namespace: \(answer.errors)")
    }
    let state = try bench.state()
    let its = try prepare("a look") { () throws(SystemError) in try readLink("/proc/\(state.pid)/ns/mnt") }
    try require(its == wanted, "the namespace \(wanted)", seen: its)
}

private let userPathCase = check(
    "oci.namespaces.path-user", "with a path the user namespace is the one there", byPath
) { bench throws(Stop) in
    let keeper = try bench.keeper(of: .user)
    try prepare("a user namespace") { () throws(SystemError) in
        try writeFile("/proc/\(keeper)/uid_map", "0 100000 65536")
        try writeFile("/proc/\(keeper)/gid_map", "0 100000 65536")
    }
    // Some runtimes want to be told what is in the namespace.
    try bench.mapUsers()
    bench.setNamespace("user", path: "/proc/\(keeper)/ns/user")
    let wanted = try prepare("a look") { () throws(SystemError) in try readLink("/proc/\(keeper)/ns/user") }
    let its = try bench.run("namespaces").value("namespaces").member("user")?.string
    try require(its == wanted, "the namespace \(wanted)", seen: its ?? "none")
}

private func wrongTypeCase(_ kind: Kind) -> Case<ContainerBench> {
    let other = kind.type == "ipc" ? "uts" : "ipc"
    return check(
        "oci.namespaces.wrong-\(kind.type)", "a path to another type than \(kind.type) is an error",
        wrongType, needs: kind.needs
    ) { bench throws(Stop) in
        bench.setNamespace(kind.type, path: "/proc/self/ns/\(other)")
        try bench.mustRefuse("the path leads to \(other), not to \(kind.type)")
    }
}

extension ContainerBench {
    /// Asks for a namespace of `type`, new or the one at `path`, or for none.
    func setNamespace(_ type: String, path: String? = nil, present: Bool = true) {
        var list = (config.at("linux.namespaces")?.elements ?? []).filter {
            $0.member("type")?.string != type
        }
        if present {
            var object = JSONObject()
            object.set("type", type)
            object.set("path", path)
            list.append(object.value)
        }
        config.set("linux.namespaces", value: .array(list))
    }

    /// Makes the directories the minimal configuration mounts on: root of a user namespace may not.
    func makeMountPoints() throws(Stop) {
        try prepare("mount points") { () throws(SystemError) in
            for name in ["proc", "dev", "sys"] { try makeDirectories(rootfs + "/" + name, mode: 0o755) }
        }
    }

    /// Maps the container's users to those from 100000 on.
    func mapUsers() throws(Stop) {
        setNamespace("user")
        try makeMountPoints()
        let map = #"[{"containerID": 0, "hostID": 100000, "size": 65536}]"#
        config.set("linux.uidMappings", map)
        config.set("linux.gidMappings", map)
    }

    /// Makes a process in new namespaces that stays; answers its pid.
    func keeper(of kinds: NamespaceSet) throws(Stop) -> Int32 {
        // A process cannot be born in another time namespace; its children can.
        let birth = kinds.subtracting(.time)
        do throws(SystemError) {
            switch try cloneProcess(birth) {
            case .child:
                do throws(SystemError) { if kinds.contains(.time) { try unshareNamespaces(.time) } } catch {}
                while true { pause(milliseconds: 60_000) }
            case .parent(let pid, _):
                if kinds.contains(.time) { try awaitOtherTime(pid) }
                return pid
            }
        } catch { throw .trouble("cannot make a namespace: \(error)") }
    }

    private func awaitOtherTime(_ pid: Int32) throws(SystemError) {
        let mine = try readLink("/proc/self/ns/time")
        for _ in 0..<1000 where try readLink("/proc/\(pid)/ns/time_for_children") == mine {
            pause(milliseconds: 2)
        }
    }
}
