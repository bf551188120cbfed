import Kernel
import Suite

/// What an attack must not achieve. `place` is where it is told: a CVE, or the page with the policy.
func attack(_ id: String, _ text: String, _ cves: String...) -> Clause {
    let source = cves.first.map { "https://nvd.nist.gov/vuln/detail/\($0)" } ?? "docs/security.md"
    let others = cves.count > 1 ? " (also \(cves.dropFirst().joined(separator: ", ")))" : ""
    return Clause("attack." + id, .must, text + others, source)
}

extension ContainerBench {
    /// A directory of the host with a secret in it. Nothing a container does may change it.
    var outside: String { home + "/outside" }

    func makeOutside() throws(Stop) {
        try prepare("the host's directory") { () throws(SystemError) in
            try makeDirectory(outside, mode: 0o755)
            try writeNew(outside + "/secret", "secret of the host")
        }
    }

    /// Fails when something was made, mounted or changed in the host's directory.
    func expectOutsideUntouched() throws(Stop) {
        let (names, text, mounts) = try prepare("a look") { () throws(SystemError) in
            (try listDirectory(outside), try readText(outside + "/secret"), try mountTable())
        }
        try require(
            names == ["secret"], "nothing new in the host's directory", seen: names.joined(separator: " "))
        try require(text == "secret of the host", "the host's file of before", seen: text)
        let point = outside
        try require(
            !mounts.contains { $0.point.hasPrefix(point) }, "no mount on the host's directory",
            seen: "there is one")
    }

    /// Makes a symbolic link in the root file system, as an image may have it.
    func plant(_ path: String, to target: String) throws(Stop) {
        try prepare("a link") { () throws(SystemError) in
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            try makeDirectories(rootfs + path[..<slash], mode: 0o755)
            let folder = try FileDescriptor.open(rootfs + path[..<slash], .directory)
            try folder.makeLink(String(path[path.index(after: slash)...]), to: target)
        }
    }

    /// Has `deed` done in the container's mounts before its root is changed, in place of a race another container wins.
    func sabotage(_ deed: String) {
        config.append("hooks.createContainer", #"{"path": "\#(hookProgram)", "args": ["hook", "\#(deed)"]}"#)
    }

    /// Calls `exec` with the probe; answers what it reported, and nothing when the runtime refused.
    func exec(_ options: [String], _ requests: [String]) throws(Stop) -> Sighting? {
        let answer = try call(["exec"] + options + [id, "/probe"] + requests)
        return answer.output.isEmpty ? nil : Sighting(answer.output, status: answer.status)
    }

    /// Has a container run that stays.
    func stay() throws(Stop) {
        ask(["sleep"])
        try mustCreate()
        try mustStart()
    }
}

extension Need<Runtime> {
    /// A command beside those of the specification, which this runtime shows in its help.
    static func command(_ name: String) -> Need {
        Need("the command \(name)") { runtime in
            do throws(Stop) {
                let answer = try Recorder.runUnrecorded(Step(command: [runtime.path, "--help"]))
                let isThere = (answer.output + answer.errors).split(separator: "\n").contains { line in
                    line.drop { $0 == " " || $0 == "\t" }.hasPrefix(name)
                }
                return isThere ? nil : "the runtime has no command \(name)"
            } catch { return "\(error)" }
        }
    }
}
