import JSON
import Kernel
import Suite

/// What a hook of the suite was given.
struct HookReport {
    let value: JSONValue

    var name: String { value.member("hook")?.string ?? "" }
    /// The state it read from standard input; null when that was no JSON.
    var state: JSONValue {
        let text = value.member("state")?.string ?? ""
        do throws(JSONError) { return try JSONValue(parsing: Array(text.utf8)) } catch { return .null }
    }
}

extension ContainerBench {
    /// The program hooks of the host are. It is the probe.
    var hookProgram: String { runtime.probe }
    /// Where hooks write what they were given, by its path on the host; in the container it is /hooks/log.
    var hookLog: String { home + "/hooks/log" }

    /// Makes the place for the reports of hooks.
    func prepareHooks() throws(Stop) {
        if fileExists(home + "/hooks") { return }
        try share("hooks")
        // A hook in the container's namespaces before pivot_root sees the host's paths.
        try prepare("the log") { () throws(SystemError) in try writeNew(hookLog, "", mode: 0o666) }
    }

    /// Has hooks of each of `kinds` report, numbered from 1; with `failing` the first one of that kind fails.
    func hooks(_ kinds: [String], times: Int = 1, failing: String = "") throws(Stop) {
        try prepareHooks()
        for kind in kinds {
            for number in 1...times {
                let isInside = kind == "startContainer"
                let log = isInside ? "/hooks/log" : hookLog
                let verb = kind == failing && number == 1 ? "fail-hook" : "hook"
                config.append(
                    "hooks.\(kind)",
                    #"{"path": "\#(isInside ? "/probe" : hookProgram)", "args": ["hook", "\#(verb) \#(log) \#(kind)\#(number)"]}"#
                )
            }
        }
    }

    /// What hooks have reported so far, in order.
    func hookReports() throws(Stop) -> [HookReport] {
        let text = try prepare("the log") { () throws(SystemError) in try readText(hookLog) }
        return text.split(separator: "\n").compactMap { line in
            do throws(JSONError) { return HookReport(value: try JSONValue(parsing: Array(line.utf8))) } catch
            { return nil }
        }
    }
}
