import CommandWords
import JSON
import Kernel
import OCICases
import Suite

/// `runtime` and `security`: check an OCI runtime.
struct RuntimePart: Part {
    let verb: Verb
    let sections: [Section<ContainerBench>]
    let catalogues: [Catalogue]

    /// Whether a runtime does what the specification says.
    static let conformance = RuntimePart(
        verb: verb("runtime", "check an OCI runtime against the runtime specification"),
        sections: runtimeSections, catalogues: [runtimeCatalogue])

    /// Whether a runtime withstands what was tried on others.
    static let security = RuntimePart(
        verb: verb("security", "try known attacks on an OCI runtime"), sections: securitySections,
        catalogues: [securityCatalogue])

    private static func verb(_ name: String, _ summary: String) -> Verb {
        Verb(
            name, summary, usage: "--runtime <program>", subject: "runtime", positionals: 0...0,
            options: [
                .value("runtime", "the runtime: a path, or a name in PATH"),
                .list("runtime-option", "a word between the runtime and the operation (may be given again)"),
                .value(
                    "probe",
                    "the program that reports from inside (default: conformance-probe beside this one)"),
            ] + RunOptions.options,
            details: """
                Every case runs in namespaces of its own, with empty directories on /run, /tmp, /var/tmp and /dev/shm. What a
                   runtime does not declare in its features, and what this machine does not have, is skipped, with the reason.
                   Example: apus-conformance \(name) --runtime runc --html report.html
                """)
    }

    var entries: [CaseEntry] { sections.flatMap(\.entries) }

    func prepare(_ arguments: Arguments) throws(Failure) -> Preparation {
        guard effectiveUserID() == 0 else {
            throw Failure("a runtime is checked in namespaces of its own, which takes root")
        }
        let runtime = try find(arguments)
        return Preparation(
            subject: "runtime \(runtime.path)", cases: sections.flatMap { $0.bound(to: runtime) },
            enclosure: enclosure(runtime))
    }

    func run(_ arguments: Arguments) throws(Failure) -> Int32 {
        defer { removeCgroups() }
        return try conduct(self, arguments, RunOptions(arguments))
    }

    private func enclosure(_ runtime: Runtime) -> Enclosure {
        // Without a network namespace /sys stays the host's, where the cgroups are; cases about networks make their own.
        Enclosure(namespaces: [.mount, .pid, .ipc, .uts], kept: [folder(runtime.path), runtime.probe])
    }

    private func find(_ arguments: Arguments) throws(Failure) -> Runtime {
        guard let word = arguments.value("runtime") else { throw arguments.usage("--runtime is missing") }
        guard let path = word.contains("/") ? try fullPath(word) : findProgram(word), fileExists(path) else {
            throw Failure("there is no program \(word)")
        }
        let beside = try folder(ownPath()) + "/conformance-probe"
        let probe = try fullPath(arguments.value("probe") ?? beside)
        guard fileExists(probe) else {
            throw Failure("\(probe) is missing: it runs inside the containers; --probe says where it is")
        }
        let options = arguments.values("runtime-option")
        var runtime = Runtime(path: path, options: options, probe: probe, cgroup: cgroup)
        let features = ask(runtime, ["features"])
        if let features {
            do throws(JSONError) { runtime.features = try JSONValue(parsing: Array(features.utf8)) } catch {}
        }
        runtime.version = version(runtime)
        return runtime
    }

    /// What the features document says, or what `--version` of many runtimes has behind `spec:`.
    private func version(_ runtime: Runtime) -> Version? {
        if let text = runtime.declaredVersion { return Version(text) }
        for line in (ask(runtime, ["--version"]) ?? "").split(separator: "\n") where line.hasPrefix("spec:") {
            return Version(line.dropFirst(5).drop { $0 == " " })
        }
        return nil
    }

    private func ask(_ runtime: Runtime, _ words: [String]) -> String? {
        do throws(Stop) {
            let answer = try Recorder.runUnrecorded(Step(command: [runtime.path] + runtime.options + words))
            return answer.isSuccess ? answer.output : nil
        } catch { return nil }
    }

    /// The cgroup of this run: two runs at the same time have two.
    private var cgroup: String { "/conformance-\(processID())" }

    /// Removes what killed cases have left, and what the runtime made above its containers' cgroups.
    private func removeCgroups() {
        for top in cgroupMountPoints() { removeTree(top + cgroup) }
    }

    private func removeTree(_ path: String) {
        guard fileExists(path) else { return }
        do throws(SystemError) {
            for entry in try FileDescriptor.open(path, .directory).entries() where entry.isDirectory {
                removeTree(path + "/" + entry.name)
            }
            try removeDirectory(path)
        } catch { printError("\(programName): \(path) is left: \(error)\n") }
    }
}

private func folder(_ path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
}

private func ownPath() throws(Failure) -> String {
    try system("find this program") { () throws(SystemError) in try readLink("/proc/self/exe") }
}

/// `path` from the top.
private func fullPath(_ path: String) throws(Failure) -> String {
    if path.hasPrefix("/") { return path }
    let here = try system("find the current directory") { () throws(SystemError) in try currentDirectory() }
    return here + "/" + path
}
