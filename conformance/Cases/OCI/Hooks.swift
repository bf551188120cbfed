import JSON
import Kernel
import Suite

private let place = "config.md#posix-platform-hooks"

private let listed = must("hooks.order", "Hooks MUST be called in the listed order.", place)
private let stateOnInput = must(
    "hooks.state",
    "The state of the container MUST be passed to hooks over stdin so that they may do work appropriate to the current state of the container.",
    place)
private let absolute = must(
    "hooks.path.absolute", "This specification extends the IEEE standard in that `path` MUST be absolute.",
    place)
private let arguments = property(
    "hooks.args",
    "`args` (array of strings, OPTIONAL) with the same semantics as IEEE Std 1003.1-2008 `execv`'s argv.",
    place)
private let environment = property(
    "hooks.env",
    "`env` (array of strings, OPTIONAL) with the same semantics as IEEE Std 1003.1-2008's `environ`.", place)
private let timeout = property(
    "hooks.timeout", "`timeout` (int, OPTIONAL) is the number of seconds before aborting the hook.", place)
private let timeoutPositive = must(
    "hooks.timeout.positive", "If set, `timeout` MUST be greater than zero.", place)
private let pidSeen = property(
    "state.pid.hooks",
    "For hooks executed in the runtime namespace, it is the pid as seen by the runtime. For hooks executed in the container namespace, it is the pid as seen by the container.",
    "runtime.md#state")
private let containerAfterRuntime = must(
    "hooks.createContainer.after",
    "The `createContainer` hooks MUST be called after the `createRuntime` hooks.",
    "config.md#createcontainer-hooks")
private let prestartFirst = must(
    "hooks.prestart.before", "The `prestart` hooks MUST be called before the `createRuntime` hooks.",
    "config.md#prestart")

/// A kind of hook, and what the specification says of it.
struct HookKind {
    let name: String
    /// Whether it runs in the container's namespaces.
    let isInside: Bool
    /// Whether its path is one of the container.
    let pathIsInside: Bool
    /// The status in the state it gets.
    let status: String
    let version: String

    static let all = [
        HookKind(
            name: "prestart", isInside: false, pathIsInside: false, status: "creating", version: "1.0.0"),
        HookKind(
            name: "createRuntime", isInside: false, pathIsInside: false, status: "creating", version: "1.0.2"),
        HookKind(
            name: "createContainer", isInside: true, pathIsInside: false, status: "creating", version: "1.0.2"
        ),
        HookKind(
            name: "startContainer", isInside: true, pathIsInside: true, status: "created", version: "1.0.2"),
        HookKind(
            name: "poststart", isInside: false, pathIsInside: false, status: "running", version: "1.0.0"),
        HookKind(name: "poststop", isInside: false, pathIsInside: false, status: "stopped", version: "1.0.0"),
    ]

    private var page: String {
        "config.md#"
            + (name.hasSuffix("Runtime") || name.hasSuffix("Container") ? name.lowercased() + "-hooks" : name)
    }
    private var world: String { isInside ? "container" : "runtime" }
    private var pathWorld: String { pathIsInside ? "container" : "runtime" }

    var needs: [Need<Runtime>] { [.since(version), .feature("hooks", name)] }

    var when: Clause {
        let sentence =
            switch name {
            case "startContainer":
                "The `startContainer` hooks MUST be called before the user-specified process is executed as part of the `start` operation."
            case "poststart":
                "The `poststart` hooks MUST be called after the user-specified process is executed but before the `start` operation returns."
            case "poststop":
                "The `poststop` hooks MUST be called after the container is deleted but before the `delete` operation returns."
            default:
                "The `\(name)` hooks MUST be called as part of the `create` operation after the runtime environment has been created (according to the configuration in config.json) but before the `pivot_root` or any equivalent operation has been executed."
            }
        return must("hooks.\(name).when", sentence, page)
    }

    var invoked: Clause {
        must(
            "lifecycle.\(name)", "The `\(name)` hooks MUST be invoked by the runtime.", "runtime.md#lifecycle"
        )
    }

    var whereItRuns: Clause {
        must(
            "hooks.\(name).namespace", "The `\(name)` hooks MUST be executed in the \(world) namespace.", page
        )
    }

    var wherePathIs: Clause {
        must(
            "hooks.\(name).path", "The `\(name)` hooks' path MUST resolve in the \(pathWorld) namespace.",
            page)
    }
}

/// config.md, "POSIX-platform Hooks": which, when, where, with what.
let hooksSection = Section(
    "hooks",
    HookKind.all.flatMap { [calledCase($0), namespaceCase($0), stateCase($0)] } + [
        check(
            "oci.hooks.list-order", "hooks are called in the order of their list", listed,
            needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            try bench.hooks(["createRuntime"], times: 3)
            try bench.lived()
            let names = try bench.hookReports().map(\.name)
            try require(
                names == ["createRuntime1", "createRuntime2", "createRuntime3"], "1, 2, 3",
                seen: names.joined(separator: ", "))
        },
        check(
            "oci.hooks.kinds-order", "the kinds of hooks are called in the order of the life cycle", listed,
            containerAfterRuntime, prestartFirst, needs: [.since("1.0.2")]
        ) {
            bench throws(Stop) in
            try bench.hooks(HookKind.all.map(\.name).reversed())
            try bench.lived()
            let names = try bench.hookReports().map(\.name)
            let wanted = HookKind.all.map { $0.name + "1" }
            try require(names == wanted, wanted.joined(separator: ", "), seen: names.joined(separator: ", "))
        },
        check(
            "oci.hooks.pid", "a hook of the host gets the pid of the host, one inside that of inside",
            pidSeen, needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            try bench.hooks(["createRuntime", "startContainer"])
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            _ = try bench.finish(state)
            let reports = try bench.hookReports()
            let outside = reports.first { $0.name == "createRuntime1" }?.state.member("pid")
            try require(outside == .number(state.pid), "the pid \(state.pid)", seen: outside?.text ?? "none")
            let inside = reports.first { $0.name == "startContainer1" }?.state.member("pid")
            try require(inside == .integer(1), "the pid 1", seen: inside?.text ?? "none")
        },
        check(
            "oci.hooks.args", "a hook gets its arguments and its environment, and no more", arguments,
            environment, needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            try bench.prepareHooks()
            bench.config.append(
                "hooks.createRuntime",
                #"{"path": "\#(bench.hookProgram)", "args": ["name of mine", "hook \#(bench.hookLog) one", "pid"], "env": ["A=1", "B=two words"]}"#
            )
            try bench.lived()
            guard let report = try bench.hookReports().first else {
                throw .finding(expected: "the hook was called", seen: "it was not")
            }
            try require(
                report.value.member("arguments")?.strings == [
                    "name of mine", "hook \(bench.hookLog) one", "pid",
                ], "the arguments of the configuration", seen: report.value.member("arguments")?.text ?? "")
            try require(
                report.value.member("environment")?.strings == ["A=1", "B=two words"],
                "the environment of the configuration", seen: report.value.member("environment")?.text ?? "")
        },
        check("oci.hooks.relative-path", "a path that is not absolute is an error", absolute) {
            bench throws(Stop) in
            bench.config.append("hooks.createRuntime", #"{"path": "bin/hook"}"#)
            try bench.mustRefuse("a hook's path is relative")
        },
        check(
            "oci.hooks.timeout", "a hook that takes longer than its timeout is ended, and has failed",
            timeout, needs: [.since("1.0.2")], seconds: 30
        ) { bench throws(Stop) in
            try bench.prepareHooks()
            bench.config.append(
                "hooks.createRuntime",
                #"{"path": "\#(bench.hookProgram)", "args": ["hook", "pause 20000"], "timeout": 1}"#)
            let started = monotonicMilliseconds()
            let answer = try bench.create()
            let took = monotonicMilliseconds() - started
            try require(took < 10_000, "an end after about one second", seen: "it took \(took) ms")
            try require(!answer.isSuccess, "an error from create", seen: answer.text)
        },
        check("oci.hooks.timeout-zero", "a timeout of zero or less is an error", timeoutPositive) {
            bench throws(Stop) in
            try bench.prepareHooks()
            for value in ["0", "-1"] {
                bench.config.set(
                    "hooks.createRuntime",
                    #"[{"path": "\#(bench.hookProgram)", "args": ["hook"], "timeout": \#(value)}]"#)
                try bench.mustRefuse("a timeout of \(value)")
            }
        },
    ])

private func calledCase(_ kind: HookKind) -> Case<ContainerBench> {
    check(
        "oci.hooks.\(kind.name).when", "\(kind.name) hooks are called at their time", kind.when, kind.invoked,
        needs: kind.needs
    ) {
        bench throws(Stop) in
        try bench.hooks([kind.name])
        bench.ask(["tell /hooks/log {\"hook\":\"program\"}"])
        let during = { (when: String) throws(Stop) in
            let seen = try bench.hookReports().map(\.name).contains(kind.name + "1")
            let isDue =
                switch kind.name {
                case "startContainer", "poststart": when != "create"
                case "poststop": when == "delete"
                default: true
                }
            try require(
                seen == isDue, "\(isDue ? "a" : "no") call until the end of \(when)",
                seen: seen ? "it was called" : "it was not called")
        }
        let state = try bench.mustCreate()
        try during("create")
        try bench.mustStart()
        try during("start")
        try bench.awaitEnd(of: state.pid)
        try bench.waitUntil("stopped")
        let answer = try bench.delete()
        try require(answer.isSuccess, "delete succeeds", seen: answer.text)
        try during("delete")
        let names = try bench.hookReports().map(\.name)
        if kind.name == "startContainer" {
            try require(
                names.first == "startContainer1", "the hook before the program",
                seen: names.joined(separator: ", "))
        }
    }
}

private func namespaceCase(_ kind: HookKind) -> Case<ContainerBench> {
    check(
        "oci.hooks.\(kind.name).namespace",
        "\(kind.name) hooks run in the \(kind.isInside ? "container's" : "runtime's") namespaces",
        kind.whereItRuns,
        kind.wherePathIs, needs: kind.needs
    ) { bench throws(Stop) in
        try bench.hooks([kind.name])
        try bench.lived()
        let report = try bench.hookReports().first { $0.name == kind.name + "1" }
        guard let report else { throw .finding(expected: "the hook is called", seen: "it was not") }
        let its = report.value.member("namespaces")
        for name in ["mnt", "uts", "ipc"] {
            let mine = try prepare("a look") { () throws(SystemError) in try readLink("/proc/self/ns/\(name)")
            }
            let isHosts = its?.member(name)?.string == mine
            try require(
                isHosts != kind.isInside,
                "the \(name) namespace of the \(kind.isInside ? "container" : "runtime")",
                seen: its?.text ?? "")
        }
        if kind.pathIsInside {
            let root = report.value.member("root")?.strings ?? []
            try require(
                root.contains("probe"), "the container's files at /", seen: root.joined(separator: " "))
        }
    }
}

private func stateCase(_ kind: HookKind) -> Case<ContainerBench> {
    check(
        "oci.hooks.\(kind.name).state", "\(kind.name) hooks get the state on standard input", stateOnInput,
        needs: kind.needs
    ) {
        bench throws(Stop) in
        try bench.hooks([kind.name])
        bench.config.set("annotations", #"{"com.example.key": "value"}"#)
        try bench.lived()
        let report = try bench.hookReports().first { $0.name == kind.name + "1" }
        guard let state = report?.state else {
            throw .finding(expected: "the hook is called", seen: "it was not")
        }
        try require(state.member("id") == .string(bench.id), "the id \(bench.id)", seen: state.text)
        try require(
            state.member("bundle") == .string(bench.bundle), "the bundle \(bench.bundle)", seen: state.text)
        try require(
            Version(state.member("ociVersion")?.string ?? "") != nil, "an ociVersion", seen: state.text)
        try require(
            state.member("status") == .string(kind.status), "the status `\(kind.status)`", seen: state.text)
        try require(
            state.member("annotations")?.member("com.example.key") == .string("value"), "the annotations",
            seen: state.text)
    }
}
