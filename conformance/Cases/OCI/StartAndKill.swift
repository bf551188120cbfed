import JSON
import Kernel
import Suite

private let startNoID = must(
    "start.no-id", "This operation MUST generate an error if it is not provided the container ID.",
    "runtime.md#start")
private let startNotCreated = must(
    "start.not-created",
    "Attempting to `start` a container that is not `created` MUST have no effect on the container and MUST generate an error.",
    "runtime.md#start")
private let startRuns = must(
    "start.runs", "This operation MUST run the user-specified program as specified by `process`.",
    "runtime.md#start")
private let startNoProcess = must(
    "start.no-process", "This operation MUST generate an error if `process` was not set.", "runtime.md#start")
private let processRequired = must(
    "process.required", "This property is REQUIRED when `start` is called.", "config.md#process")
private let lifecycleRuns = must(
    "lifecycle.runs", "The runtime MUST run the user-specified program, as specified by `process`.",
    "runtime.md#lifecycle")
private let killNoID = must(
    "kill.no-id", "This operation MUST generate an error if it is not provided the container ID.",
    "runtime.md#kill")
private let killNeither = must(
    "kill.neither",
    "Attempting to send a signal to a container that is neither `created` nor `running` MUST have no effect on the container and MUST generate an error.",
    "runtime.md#kill")
private let killSends = must(
    "kill.sends", "This operation MUST send the specified signal to the container process.", "runtime.md#kill"
)

/// runtime.md, "Start".
let startSection = Section(
    "start",
    [
        check("oci.start.runs", "start runs the program", startRuns, lifecycleRuns) { bench throws(Stop) in
            try bench.run("pid").expect("pid", "1")
        },
        check("oci.start.code", "the program's exit code is that of the container's process", lifecycleRuns) {
            bench throws(Stop) in
            let seen = try bench.run("leave 42")
            try require(
                seen.status == nil || seen.status == .exited(42), "exit status 42",
                seen: seen.status?.text ?? "")
        },
        check("oci.start.no-id", "start without an ID is an error", startNoID) { bench throws(Stop) in
            let answer = try bench.call(["start"])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.start.unknown", "start of a container that does not exist is an error", startNotCreated) {
            bench throws(Stop) in
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check(
            "oci.start.running", "start of a running container is an error and changes nothing",
            startNotCreated
        ) {
            bench throws(Stop) in
            bench.ask(["pid", "sleep"])
            try bench.mustCreate()
            try bench.mustStart()
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            try bench.expect("running")
            let times = try bench.printed().split(separator: "\n").count
            try require(times <= 1, "a program that ran once", seen: "it ran \(times) times")
        },
        check(
            "oci.start.stopped", "start of a stopped container is an error and changes nothing",
            startNotCreated
        ) {
            bench throws(Stop) in
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.awaitEnd(of: state.pid)
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            try bench.waitUntil("stopped")
        },
        check(
            "oci.start.no-process", "a configuration without a process is an error, at start at the latest",
            startNoProcess, processRequired
        ) {
            bench throws(Stop) in
            bench.config.set("process", "")
            guard try bench.create().isSuccess else { return }
            let answer = try bench.start()
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
    ])

/// runtime.md, "Kill".
let killSection = Section(
    "kill",
    [
        check("oci.kill.no-id", "kill without an ID is an error", killNoID) { bench throws(Stop) in
            let answer = try bench.call(["kill"])
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.kill.unknown", "kill of a container that does not exist is an error", killNeither) {
            bench throws(Stop) in
            let answer = try bench.kill()
            try require(!answer.isSuccess, "an error", seen: answer.text)
        },
        check("oci.kill.stopped", "kill of a stopped container is an error", killNeither) {
            bench throws(Stop) in
            bench.ask(["pid"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.awaitEnd(of: state.pid)
            try bench.waitUntil("stopped")
            let answer = try bench.kill()
            try require(!answer.isSuccess, "an error", seen: answer.text)
            try bench.expect("stopped")
        },
        check("oci.kill.created", "SIGKILL ends a container that was not started", killSends) {
            bench throws(Stop) in
            let state = try bench.mustCreate()
            let answer = try bench.kill()
            try require(answer.isSuccess, "kill succeeds", seen: answer.text)
            try bench.awaitEnd(of: state.pid)
            try bench.waitUntil("stopped")
        },
        check("oci.kill.running", "SIGKILL ends a container that runs", killSends) { bench throws(Stop) in
            bench.ask(["sleep"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            let answer = try bench.kill()
            try require(answer.isSuccess, "kill succeeds", seen: answer.text)
            let status = try bench.awaitEnd(of: state.pid)
            try require(status == nil || status == .signaled(9), "signal 9", seen: status?.text ?? "")
        },
    ] + signals.map(signalCase))

/// A signal as it is written on the command line, and its number.
private let signals: [(word: String, number: Int32)] = [
    ("TERM", 15), ("SIGTERM", 15), ("HUP", 1), ("INT", 2), ("USR1", 10), ("USR2", 12), ("WINCH", 28),
    ("15", 15),
    ("10", 10),
]

private func signalCase(_ signal: (word: String, number: Int32)) -> Case<ContainerBench> {
    check("oci.kill.sends-\(signal.word)", "kill \(signal.word) sends signal \(signal.number)", killSends) {
        bench throws(Stop) in
        let told = try bench.share("told")
        bench.ask(["await-signal /told/waiting"])
        let state = try bench.mustCreate()
        try bench.mustStart()
        try bench.awaitFile(told + "/waiting")
        let answer = try bench.kill(bench.id, signal.word)
        try require(answer.isSuccess, "kill succeeds", seen: answer.text)
        try bench.finish(state).expect("await-signal /told/waiting", "\(signal.number)")
    }
}

extension ContainerBench {
    /// Makes a directory that host and container share; in the container it is `/name`.
    @discardableResult
    func share(_ name: String) throws(Stop) -> String {
        let path = home + "/" + name
        try prepare("a directory") { () throws(SystemError) in
            try makeDirectories(path, mode: 0o777)
            try FileDescriptor.open(path, .directory).changeMode(0o777)
        }
        config.append(
            "mounts", #"{"destination": "/\#(name)", "source": "\#(path)", "options": ["bind", "rw"]}"#)
        return path
    }

    /// Waits until a file is there that the container makes; ten seconds at most.
    func awaitFile(_ path: String) throws(Stop) {
        let deadline = monotonicMilliseconds() + 10_000
        while !fileExists(path) {
            guard monotonicMilliseconds() < deadline else {
                throw .finding(
                    expected: "the container makes \(path) within ten seconds", seen: try printed())
            }
            pause(milliseconds: 2)
        }
    }
}
