internal import JSON

/// How well a container is, by the checks since its start. Docker's `State.Health`.
package struct Health: Hashable, Sendable {
    package var status = Status.starting
    /// Failures in a row which count.
    package var failures = 0
    /// The last checks, the newest at the end.
    package private(set) var log: [Probe] = []

    /// What the column STATUS and the filter `health` say.
    package enum Status: String, CaseIterable, Hashable, Sendable {
        case starting, healthy, unhealthy
    }

    /// One check.
    package struct Probe: Hashable, Sendable {
        /// Nanoseconds since 1970.
        package var start: Int64
        package var end: Int64
        /// 0 is well; -1 when the check ran out of time or could not be made.
        package var exitCode: Int32
        /// What it wrote, at most ``Health/mostOutput`` bytes.
        package var output: String

        package init(start: Int64, end: Int64, exitCode: Int32, output: String) {
            (self.start, self.end, self.exitCode, self.output) = (start, end, exitCode, output)
        }
    }

    /// Bytes of a check's output which are kept, as Docker does.
    package static let mostOutput = 4096
    private static let mostProbes = 5

    package init() {}

    /// Takes in a check. `started`: of the container, nanoseconds since 1970.
    ///
    /// Before the first success a failure counts only when the check began after the start period.
    package mutating func add(_ probe: Probe, _ check: ContainerRecord.Healthcheck, started: Int64) {
        log = log.suffix(Self.mostProbes - 1) + [probe]
        guard probe.exitCode != 0 else {
            (status, failures) = (.healthy, 0)
            return
        }
        if status == .starting, probe.start - started < check.startPeriod { return }
        failures += 1
        if failures >= check.countedRetries { status = .unhealthy }
    }
}

extension Health {
    init(_ value: JSONValue) throws(JSONError) {
        let reader = JSONReader(value)
        status = try reader.required("status").choice(Status.self)
        failures = Int(try reader.required("failures").integer())
        for item in try reader.required("log").elements() {
            log.append(
                Probe(
                    start: try item.required("start").integer(), end: try item.required("end").integer(),
                    exitCode: try item.required("exitCode").int32(),
                    output: try item.required("output").string()))
        }
    }

    /// As `health.json` has it.
    var value: JSONValue {
        var object = JSONObject()
        object.set("status", status.rawValue)
        object.set("failures", failures)
        let items = log.map { probe in
            var item = JSONObject()
            item.set("start", probe.start)
            item.set("end", probe.end)
            item.set("exitCode", probe.exitCode)
            item.set("output", probe.output)
            return item.value
        }
        object.set("log", .array(items))
        return object.value
    }

    /// As `inspect` shows it.
    var docker: JSONValue {
        var object = JSONObject()
        object.set("Status", status.rawValue)
        object.set("FailingStreak", failures)
        let items = log.map { probe in
            var item = JSONObject()
            item.set("Start", momentText(probe.start))
            item.set("End", momentText(probe.end))
            item.set("ExitCode", probe.exitCode)
            item.set("Output", probe.output)
            return item.value
        }
        object.set("Log", .array(items))
        return object.value
    }
}
