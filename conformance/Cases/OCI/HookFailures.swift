import Kernel
import Suite

private let early = ["prestart", "createRuntime", "createContainer"].map { kind in
    (
        kind,
        must(
            "lifecycle.\(kind).failure",
            "If any `\(kind)` hook fails, the runtime MUST generate an error, stop the container, and continue the lifecycle at step 12.",
            "runtime.md#lifecycle")
    )
}
private let startContainer = must(
    "lifecycle.startContainer.failure",
    "If any `startContainer` hook fails, the runtime MUST generate an error, stop the container, and continue the lifecycle at step 12.",
    "runtime.md#lifecycle")
private let poststart = must(
    "lifecycle.poststart.failure",
    "If any `poststart` hook fails, the runtime MUST generate an error, stop the container, and continue the lifecycle at step 12.",
    "runtime.md#lifecycle")
private let poststop = must(
    "lifecycle.poststop.failure",
    "If any `poststop` hook fails, the runtime MUST log a warning, but the remaining hooks and lifecycle continue as if the hook had succeeded.",
    "runtime.md#lifecycle")

/// runtime.md, "Lifecycle": hooks that fail.
let hookFailuresSection = Section(
    "hook failures",
    early.map { failureCase($0.0, $0.1) } + [
        check(
            "oci.hooks.startContainer.failure",
            "a startContainer hook that fails is an error, and the program does not run", startContainer,
            needs: [.since("1.0.2")]
        ) {
            bench throws(Stop) in
            try bench.hooks(["startContainer"], failing: "startContainer")
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error from start", seen: answer.text)
            try bench.awaitEnd(of: state.pid)
            let printed = try bench.printed()
            try require(!printed.contains("\"pid\""), "a program that did not run", seen: printed)
        },
        // The sentence became this one with version 1.2.1; before, it was a warning.
        check(
            "oci.hooks.poststart.failure",
            "a poststart hook that fails is an error, and the container is stopped", poststart,
            needs: [.since("1.2.1")]
        ) {
            bench throws(Stop) in
            try bench.hooks(["poststart"], failing: "poststart")
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error from start", seen: answer.text)
            try bench.awaitEnd(of: state.pid)
        },
        check(
            "oci.hooks.poststop.failure",
            "a poststop hook that fails is a warning: delete succeeds, the other hooks are called", poststop
        ) {
            bench throws(Stop) in
            try bench.hooks(["poststop"], times: 2, failing: "poststop")
            try bench.lived()
            let names = try bench.hookReports().map(\.name)
            try require(
                names == ["poststop1", "poststop2"], "both hooks", seen: names.joined(separator: ", "))
            let state = try bench.call(["state", bench.id])
            try require(!state.isSuccess, "no container after delete", seen: state.text)
        },
        check(
            "oci.hooks.missing.failure", "a hook that is not there is one that fails", clauses: [early[1].1],
            needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            bench.config.append("hooks.createRuntime", #"{"path": "/no/such/hook"}"#)
            try bench.mustRefuse("a hook is not there")
        },
    ])

private func failureCase(_ kind: String, _ clause: Clause) -> Case<ContainerBench> {
    check(
        "oci.hooks.\(kind).failure", "a \(kind) hook that fails is an error, and no container is left",
        clause,
        needs: [.feature("hooks", kind), .since(kind == "prestart" ? "1.0.0" : "1.0.2")]
    ) { bench throws(Stop) in
        try bench.hooks([kind], times: 2, failing: kind)
        try bench.mustRefuse("a \(kind) hook failed")
        let names = try bench.hookReports().map(\.name)
        try require(
            names == [kind + "1"], "no hook after the one that failed", seen: names.joined(separator: ", "))
        let left = try bench.children()
        try require(left.isEmpty, "no process", seen: left.joined(separator: ", "))
    }
}
