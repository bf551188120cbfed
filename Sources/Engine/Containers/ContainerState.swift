internal import Kernel

/// Where a container is in its life, in Docker's words, with what only that state has.
package enum ContainerState: Hashable, Sendable {
    case created
    case running(Running)
    case paused(Running)
    /// It has ended, and starts again at the moment (nanoseconds since 1970).
    case restarting(at: Int64)
    case exited

    /// The word of `ps` and `inspect`.
    package var word: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .paused: "paused"
        case .restarting: "restarting"
        case .exited: "exited"
        }
    }

    /// The start whose program is still there, paused or not.
    package var live: Running? {
        switch self {
        case .running(let running), .paused(let running): running
        case .created, .restarting, .exited: nil
        }
    }
}

extension Container {
    /// Where it is in its life, by what is true now.
    package func state() throws(EngineError) -> ContainerState {
        if let state = try stateOfStart() { return state }
        if let restart = try pendingRestart(), restart.supervisor.isAlive {
            return .restarting(at: restart.at)
        }
        // It may have been started between the two looks.
        if let state = try stateOfStart() { return state }
        return (try outcome()?.started ?? 0) == 0 ? .created : .exited
    }

    /// `nil` when there is no start, or it has ended for good.
    private func stateOfStart() throws(EngineError) -> ContainerState? {
        guard let running = try running() else { return nil }
        if running.process.isAlive {
            return isFrozen(running.process.pid) ? .paused(running) : .running(running)
        }
        // conmon has not told yet.
        let outcome = try currentOutcome()
        guard running.monitor.isAlive, outcome.restarts(by: record.restart) else { return nil }
        return .restarting(at: outcome.finished)
    }

    /// How it ended or is: the stored outcome, with what conmon left behind where nobody has dealt with the end yet.
    package func currentOutcome() throws(EngineError) -> Outcome {
        var outcome = try outcome() ?? Outcome()
        guard let running = try running() else {
            // It ran when the machine went down.
            if outcome.started > outcome.finished { outcome.end(code: 255, at: outcome.started) }
            return outcome
        }
        outcome.started = running.started
        outcome.finished = 0
        outcome.exitCode = 0
        outcome.wasOutOfMemory = false
        if !running.process.isAlive {
            let end = exitFile()
            outcome.end(code: end?.code ?? 255, at: end?.time ?? running.started)
            outcome.wasOutOfMemory = fileExists(bundle + "/oom")
        }
        return outcome
    }

    /// What conmon wrote about the end; `nil` when there was no conmon any more.
    func exitFile() -> (code: Int32, time: Int64)? {
        let path = bundle + "/" + id
        guard let text = try? readText(path), let code = Int32(text), let status = try? fileStatus(path)
        else { return nil }
        return (code, status.modifiedAt)
    }

    /// Whether the cgroup of the process is frozen: `freezer.state` of version 1, `cgroup.freeze` of version 2.
    private func isFrozen(_ pid: Int32) -> Bool {
        guard let text = try? readText("/proc/\(pid)/cgroup") else { return false }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1] == "freezer" {
                return (try? readText("/sys/fs/cgroup/freezer\(parts[2])/freezer.state")) == "FROZEN"
            }
            if parts[1].isEmpty {
                for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
                where (try? readText("\(mount)\(parts[2])/cgroup.freeze")) == "1" {
                    return true
                }
            }
        }
        return false
    }
}

extension Outcome {
    mutating func end(code: Int32, at time: Int64) {
        finished = max(time, started)
        exitCode = code
    }
}
