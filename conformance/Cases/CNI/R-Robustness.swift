import JSON
import Kernel
import Suite

extension Clause {
    fileprivate static let killed = practice(
        "R1", "A plugin can be killed at any point: the DEL that follows leaves nothing behind.",
        "https://www.cni.dev/docs/spec/#lifecycle--ordering")
    fileprivate static let processes = practice(
        "R2", "A plugin leaves no process behind that its DEL does not end.",
        "https://www.cni.dev/docs/spec/#overview-1")
    fileprivate static let leaks = practice(
        "R3", "Twenty attachments leave as much behind as one.",
        "https://www.cni.dev/docs/spec/#lifecycle--ordering")
    fileprivate static let closedOutput = practice(
        "R4", "An ADD whose result cannot be written is no success.",
        "https://www.cni.dev/docs/spec/#errors")
}

/// Cases for what no sentence spells out and every host needs: kills, leaks, full disks.
let robustnessSection = Section<PluginBench>(
    "R robustness",
    [
        Case(
            "cni.R1.add", "ADD killed at any system call: DEL leaves nothing", .killed,
            needs: [.program("strace")], seconds: 170
        ) { bench throws(Stop) in
            try KillSweep(bench, verb: "ADD").run()
        },
        Case(
            "cni.R1.del", "DEL killed at any system call: the next one leaves nothing", .killed,
            needs: [.program("strace")], seconds: 170
        ) { bench throws(Stop) in
            try KillSweep(bench, verb: "DEL").run()
        },
        Case("cni.R1.timed", "ADD killed after some milliseconds: DEL leaves nothing", .killed, seconds: 120)
        { bench throws(Stop) in
            try bench.warmUp()
            let before = try bench.snapshot()
            for delay in 1...12 {
                let step = bench.step(bench.call("ADD"))
                let words = ["timeout", "-s", "KILL", "0.00\(delay < 10 ? "0" : "")\(delay)"] + step.command
                // Whether it was in time or not: both are to be taken back.
                _ = try bench.recorder.run(
                    Step(command: words, environment: step.environment, input: step.input))
                bench.waitForOrphans(beside: before)
                try bench.expectSilence(bench.run(bench.call("DEL")))
            }
            try bench.expectSame(before, "ADDs killed after some milliseconds, and their DELs")
        },
        Case("cni.R2.processes", "no process is left", .processes) { bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD and DEL") { () throws(Stop) in try bench.delete(after: bench.add())
            }
        },
        Case("cni.R3.twenty", "twenty attachments leave as much as one", .leaks, seconds: 120) {
            bench throws(Stop) in
            if bench.plugin.type == "static" || bench.plugin.type == "host-device" {
                throw Stop.skip("there is one to give")
            }
            try bench.warmUp()
            let before = try bench.snapshot()
            for _ in 0..<20 { try bench.delete(after: bench.add()) }
            try bench.expectSame(before, "twenty ADDs and DELs")
        },
        Case("cni.R4.full", "a result that cannot be written is no success", .closedOutput) {
            bench throws(Stop) in
            let answer = try bench.throughShell(
                bench.call("ADD"), ">/dev/full <<'EOF'\n\(bench.call("ADD").text)\nEOF\n")
            try require(answer.status != nil && !answer.isSuccess, "a failure", seen: answer.text)
            try bench.expectSilence(bench.run(bench.call("DEL")))
        },
    ])

/// Kills one operation at one system call after the other, and looks what is left after DEL.
private struct KillSweep {
    private let bench: PluginBench
    private let verb: String
    private let trace = "/run/conformance/trace"
    /// More than this would take minutes for a plugin with a thousand calls: then every n-th point is tried.
    private let most = 32

    init(_ bench: PluginBench, verb: String) throws(Stop) {
        self.bench = bench
        self.verb = verb
        do throws(SystemError) { try makeDirectories("/run/conformance", mode: 0o755) } catch {
            throw .trouble("cannot make a folder: \(error)")
        }
    }

    func run() throws(Stop) {
        try bench.warmUp()
        let before = try bench.snapshot()
        let points = try points()
        let stride = max(1, points.count / most)
        for (number, point) in points.enumerated() where number % stride == 0 {
            if verb == "DEL" { try bench.run(bench.call("ADD")) }
            _ = try traced(["-e", "inject=\(point.name):signal=KILL:when=\(point.count)"])
            bench.waitForOrphans(beside: before)
            try bench.expectSilence(bench.run(bench.call("DEL")))
            try bench.expectSame(before, "a kill of \(verb) at \(point.name) number \(point.count), and DEL")
        }
    }

    /// The system calls of an undisturbed run, each with its number among those of its name.
    private func points() throws(Stop) -> [(name: String, count: Int)] {
        if verb == "DEL" { try bench.run(bench.call("ADD")) }
        let answer = try traced([])
        guard answer.isSuccess else { throw .skip("strace does not work here: \(answer.text)") }
        try bench.run(bench.call("DEL"))
        let text: String
        do throws(SystemError) { text = try readText(trace) } catch {
            throw .trouble("strace wrote nothing: \(error)")
        }
        var seen: [String: Int] = [:]
        var found: [(name: String, count: Int)] = []
        for line in text.split(separator: "\n") {
            let call = line.drop { $0.isNumber || $0 == " " }.prefix {
                $0.isLetter || $0.isNumber || $0 == "_"
            }
            guard !call.isEmpty, line.contains("("), Self.tells(call) else { continue }
            seen[String(call), default: 0] += 1
            found.append((String(call), seen[String(call)] ?? 1))
        }
        return found
    }

    /// Memory and time are no points at which anything has changed outside of the process.
    private static func tells(_ call: Substring) -> Bool {
        let boring = [
            "mmap", "munmap", "brk", "madvise", "mprotect", "futex", "nanosleep", "sched", "rt_sig",
            "sigaltstack", "clock", "epoll", "exit", "execve", "arch_prctl", "set_", "rseq", "prlimit",
            "getrandom", "fstat", "newfstat", "getpid", "gettid", "tgkill", "read", "lseek", "close",
        ]
        return !boring.contains { call.hasPrefix($0) }
    }

    private func traced(_ options: [String]) throws(Stop) -> Answer {
        let step = bench.step(bench.call(verb))
        let words = ["strace", "-D", "-f", "-o", trace] + options + step.command
        return try bench.recorder.run(
            Step(command: words, environment: step.environment, input: step.input), seconds: 30)
    }
}
