import JSON
import Kernel
import Suite

private let place = "config.md#process"

private let cwd = property(
    "process.cwd", "`cwd` (string, REQUIRED) is the working directory that will be set for the executable.",
    place)
private let absoluteCwd = must("process.cwd.absolute", "This value MUST be an absolute path.", place)
private let env = property(
    "process.env",
    "`env` (array of strings, OPTIONAL) with the same semantics as IEEE Std 1003.1-2008's `environ`.", place)
private let args = property(
    "process.args",
    "`args` (array of strings, OPTIONAL) with similar semantics to IEEE Std 1003.1-2008 `execvp`'s argv.",
    place)
private let argsNeeded = property(
    "process.args.one",
    "This specification extends the IEEE standard in that at least one entry is REQUIRED (non-Windows), and that entry is used with the same semantics as `execvp`'s file.",
    place)
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")

/// config.md, "Process": directory, environment and arguments.
let processSection = Section(
    "process",
    [
        check("oci.process.cwd", "the program starts in process.cwd", cwd) { bench throws(Stop) in
            try prepare("a directory") { () throws(SystemError) in
                try makeDirectories(bench.rootfs + "/a/b", mode: 0o755)
            }
            bench.config.set("process.cwd", #""/a/b""#)
            try bench.run("directory").expect("directory", "/a/b")
        },
        check("oci.process.cwd-relative", "a relative cwd is an error", absoluteCwd, invalid) {
            bench throws(Stop) in
            bench.config.set("process.cwd", #""a/b""#)
            try bench.mustNotRun("cwd is relative")
        },
        check("oci.process.cwd-in-mount", "process.cwd can be in a mount", cwd) { bench throws(Stop) in
            bench.config.append("mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t"}"#)
            bench.config.set("process.cwd", #""/t""#)
            let seen = try bench.run("directory", "make-file here", "list /t")
            try seen.expect("directory", "/t")
            try seen.expect("list /t", #"["here"]"#)
        },
        check(
            "oci.process.env",
            "the environment is process.env, in its order, and nothing that is the runtime's", env
        ) {
            bench throws(Stop) in
            bench.config.set(
                "process.env",
                #"["PATH=/bin:/x", "ONE=1", "EMPTY=", "WORDS=a b  c", "EQUAL=a=b", "HOME=/h", "UNI=é"]"#)
            bench.ask(["environment"])
            let answer = try bench.create(environment: ["OF_THE_HOST=1"])
            try require(answer.isSuccess, "create succeeds", seen: answer.text)
            let state = try bench.state()
            try bench.mustStart()
            try bench.finish(state).expect(
                "environment",
                #"["PATH=/bin:/x","ONE=1","EMPTY=","WORDS=a b  c","EQUAL=a=b","HOME=/h","UNI=é"]"#)
        },
        check(
            "oci.process.env-none", "without process.env nothing of the runtime's environment is there", env
        ) { bench throws(Stop) in
            bench.config.set("process.env", "")
            let seen = try bench.run("environment").value("environment").strings
            let mine = Set(environmentWords())
            // Some runtimes set HOME, which is of the container's user; the host's words must not be there.
            let leaked = seen.filter { mine.contains($0) && !$0.hasPrefix("HOME=") && !$0.hasPrefix("PATH=") }
            try require(leaked.isEmpty, "no variable of the host", seen: leaked.joined(separator: " "))
        },
        check("oci.process.args", "the arguments are process.args, word by word", args) {
            bench throws(Stop) in
            bench.config.set("process.args", #"["/probe", "arguments", "", "two words", "$HOME", "é"]"#)
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.finish(state).expect("arguments", #"["/probe","arguments","","two words","$HOME","é"]"#)
        },
        check(
            "oci.process.args-path", "a program without a slash is found in the PATH of process.env",
            argsNeeded
        ) { bench throws(Stop) in
            try prepare("a program") { () throws(SystemError) in
                try makeDirectories(bench.rootfs + "/opt/programs", mode: 0o755)
                try renameFile(bench.rootfs + "/probe", to: bench.rootfs + "/opt/programs/hidden")
            }
            bench.config.set("process.env", #"["PATH=/nothing:/opt/programs"]"#)
            bench.config.set("process.args", #"["hidden", "pid"]"#)
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.finish(state).expect("pid", "1")
        },
        check("oci.process.args-relative", "a program with a slash is found from process.cwd", argsNeeded) {
            bench throws(Stop) in
            try prepare("a program") { () throws(SystemError) in
                try makeDirectories(bench.rootfs + "/opt/programs", mode: 0o755)
                try renameFile(bench.rootfs + "/probe", to: bench.rootfs + "/opt/programs/hidden")
            }
            bench.config.set("process.cwd", #""/opt""#)
            bench.config.set("process.args", #"["programs/hidden", "pid"]"#)
            let state = try bench.mustCreate()
            try bench.mustStart()
            try bench.finish(state).expect("pid", "1")
        },
        check("oci.process.args-none", "no arguments are an error", argsNeeded, invalid) {
            bench throws(Stop) in
            bench.config.set("process.args", "[]")
            try bench.mustNotRun("process.args is empty")
        },
        check("oci.process.args-missing", "a program that is not there is an error", argsNeeded) {
            bench throws(Stop) in
            bench.config.set("process.args", #"["/no/such/program"]"#)
            try bench.mustNotRun("the program is not there")
        },
        check("oci.process.args-not-executable", "a program that cannot be executed is an error", argsNeeded)
        { bench throws(Stop) in
            try prepare("a file") { () throws(SystemError) in try writeNew(bench.rootfs + "/text", "text") }
            bench.config.set("process.args", #"["/text"]"#)
            try bench.mustNotRun("the program is no program")
        },
        check("oci.process.stdin", "standard input, output and error are those of create", args) {
            bench throws(Stop) in
            let seen = try bench.run("link /proc/self/fd/0", "link /proc/self/fd/1")
            try seen.expect("link /proc/self/fd/0", "/dev/null")
        },
    ])

extension ContainerBench {
    /// Creates and starts a container that cannot run: one of the two must be an error, and nothing may have run.
    func mustNotRun(_ what: String) throws(Stop) {
        guard try create().isSuccess else {
            let state = try call(["state", id])
            return try require(!state.isSuccess, "no container after the error", seen: state.text)
        }
        let answer = try start()
        try require(!answer.isSuccess, "an error from create or start: \(what)", seen: answer.text)
        let printed = try printed()
        try require(printed.isEmpty, "nothing that ran", seen: printed)
    }
}
