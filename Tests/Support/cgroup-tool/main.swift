// Uses the module Cgroups the way the runtime does, one step for each call, for tests which need root.
import Cgroups
import JSON
import Kernel
import OCISpec

func say(_ text: String) throws(SystemError) {
    let out = FileDescriptor(owning: 1)
    try out.write(text + "\n")
    _ = out.release()
}

func text(_ path: String) throws(SystemError) -> String { try readText(path) }

func resources(_ json: String) throws -> Resources {
    try Resources(decoding: JSONReader(JSONValue(parsing: Array(json.utf8))))
}

func saved(_ cgroup: Cgroup) -> String {
    JSONValue.object(cgroup.saved.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }).text
}

func restored(_ json: String) throws -> Cgroup {
    Cgroup(saved: try JSONReader(JSONValue(parsing: Array(json.utf8))).stringMap())
}

/// `PATH`, or `-` for none.
func make(_ path: String, _ id: String, _ json: String, isRootless: Bool = false) throws -> Cgroup {
    let plan = try CgroupPlan(
        layout: .detect(), cgroupsPath: path == "-" ? nil : path, id: id, isRootless: isRootless)
    let cgroup = try plan.create()
    do {
        try cgroup.apply(resources(json))
    } catch {
        try cgroup.remove()
        throw error
    }
    return cgroup
}

/// Runs `program` inside and answers how it ended.
func run(_ cgroup: Cgroup, _ program: [String], companion: Int32? = nil, subgroup: String? = nil) throws
    -> Int32
{
    let entry = try cgroup.entry(subgroups: subgroup.map { [("", $0)] } ?? [], companion: companion)
    switch try cloneProcess(cgroup: entry.directory) {
    case .child:
        try entry.enter()
        try execute(program[0], arguments: program, environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
    case .parent(let pid, _):
        return try waitForExit(pid).code
    }
}

func milliseconds(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = monotonicMilliseconds()
    for _ in 0..<rounds { try body() }
    return Double(monotonicMilliseconds() - start) / Double(rounds)
}

/// Makes, fills, enters and removes `rounds` cgroups; prints the mean of each step.
func measure(_ rounds: Int, _ json: String) throws {
    let wanted = try resources(json)
    var (making, entering, removing) = (0.0, 0.0, 0.0)
    for round in 0..<rounds {
        pause(milliseconds: 20)  // a lock which was just used is cheaper than one after a rest
        let plan = try CgroupPlan(
            layout: .detect(), cgroupsPath: "/apus-measure-\(processID())-\(round)", id: "x")
        var cgroup = Cgroup(saved: [:])
        making += try clock {
            cgroup = try plan.create(); try cgroup.apply(wanted)
        }
        entering += try clock { _ = try run(cgroup, ["/bin/true"]) }
        removing += try clock { try cgroup.remove() }
    }
    let count = Double(rounds)
    try say("make \(making / count) enter-and-run \(entering / count) remove \(removing / count) ms")
}

func clock(_ body: () throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    let took = try clock.measure(body)
    return Double(took.components.attoseconds) / 1e15 + Double(took.components.seconds) * 1e3
}

func perform(_ words: [String]) throws -> Int32 {
    func word(_ index: Int) throws -> String {
        guard index < words.count else {
            throw SystemError(call: "cgroup-tool", subject: "usage", errno: .invalidArgument)
        }
        return words[index]
    }
    switch try word(0) {
    case "plan":
        try say(
            "\(CgroupPlan(layout: .detect(), cgroupsPath: word(1) == "-" ? nil : word(1), id: word(2)).saved)"
        )
    case "make": try say(saved(make(word(1), word(2), words.count > 3 ? word(3) : "{}")))
    case "make-rootless":
        try say(saved(make(word(1), word(2), words.count > 3 ? word(3) : "{}", isRootless: true)))
    case "apply": try restored(word(1)).apply(resources(word(2)))
    case "run": return try run(restored(word(1)), Array(words[2...]))
    case "run-beside": return try run(restored(word(1)), Array(words[3...]), companion: Int32(word(2)))
    case "run-below": return try run(restored(word(1)), Array(words[3...]), subgroup: word(2))
    case "add": try restored(word(1)).add(Int32(word(2)) ?? 0)
    case "pids": try say(restored(word(1)).processes().map(String.init).joined(separator: " "))
    case "freeze": try restored(word(1)).freeze()
    case "thaw": try restored(word(1)).thaw()
    case "frozen": try say(restored(word(1)).isFrozen ? "yes" : "no")
    case "kill": try restored(word(1)).killAll()
    case "signal": try restored(word(1)).signalAll(Int32(word(2)) ?? 15)
    case "remove": try restored(word(1)).remove()
    case "delegate": try restored(word(1)).delegate(to: UInt32(word(2)) ?? 0)
    case "statistics": try say(restored(word(1)).statistics().json.text)
    case "watch-memory":
        var watch = try restored(word(1)).watchMemory()
        try say("watching")
        while true {
            let event = try watch.next()
            if event != .nothing { try say("\(event)") }
            if event == .ended { return 0 }
            _ = try waitForReadiness([(watch.rawValue, .readable)], milliseconds: 1000)
        }
    case "measure": try measure(Int(word(1)) ?? 10, words.count > 2 ? word(2) : "{}")
    default: throw SystemError(call: "cgroup-tool", subject: words[0], errno: .invalidArgument)
    }
    return 0
}

do {
    exitNow(try perform(Array(CommandLine.arguments.dropFirst())))
} catch {
    let out = FileDescriptor(owning: 2)
    try? out.write("\(error)\n")
    _ = out.release()
    exitNow(1)
}
