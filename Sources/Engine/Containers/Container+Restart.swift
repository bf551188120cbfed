internal import JSON
internal import Kernel

extension Outcome {
    /// Whether the policy has the container start again after this end.
    func restarts(by policy: ContainerRecord.RestartPolicy) -> Bool {
        if isStopped { return false }
        switch policy.kind {
        case .no: return false
        case .always, .unlessStopped: return true
        case .onFailure:
            return exitCode != 0 && (policy.maximumRetries == 0 || restarts < policy.maximumRetries)
        }
    }

    /// Counts a restart, and how long to wait before it: 100 milliseconds, then twice as long each time, a minute at most. A container
    /// that ran for ten seconds begins anew.
    mutating func countRestart() {
        restarts += 1
        let ranWell = finished - started >= 10_000_000_000
        restartDelay = ranWell || restartDelay == 0 ? 100 : min(restartDelay * 2, 60_000)
    }
}

extension Container {
    /// Starts the container again when its policy says so, in a process of its own: conmon waits for this one. The caller holds the lock.
    ///
    /// - Returns: whether it does.
    @discardableResult func restartByPolicy() throws(EngineError) -> Bool {
        guard var outcome = try outcome(), outcome.restarts(by: record.restart) else { return false }
        outcome.countRestart()
        try write(outcome)
        let delay = outcome.restartDelay
        let at = realtimeNanoseconds() + delay * 1_000_000
        // In our own name first: who is killed before the other process is noted has left word that somebody is to start it.
        let own = try UniqueProcess.current()
        try write(PendingRestart(supervisor: own, at: at))
        let cloned = try EngineError.step("start a process which restarts \(record.name)") {
            () throws(SystemError) in try cloneProcess()
        }
        switch cloned {
        case .child: superviseRestart(after: delay, heirOf: own)
        case .parent(let pid, _):
            let identity = try EngineError.step("find the process which restarts \(record.name)") {
                () throws(SystemError) in try UniqueProcess(of: pid)
            }
            try write(PendingRestart(supervisor: identity, at: at))
        }
        return true
    }

    /// The whole life of the process which restarts: it has a session of its own, and nothing of conmon's. Never returns.
    private func superviseRestart(after delay: Int64, heirOf parent: UniqueProcess) {
        do throws(SystemError) {
            try startSession()
            let nowhere = try FileDescriptor.open("/dev/null", .readWrite)
            for stream in 0...2 as ClosedRange<Int32> { try installDescriptor(nowhere.rawValue, as: stream) }
            try closeDescriptors(from: 3)
        } catch { exitNow(1) }
        pause(milliseconds: Int32(delay))
        // What went wrong stands in the outcome: nobody is there to be told.
        try? restartNow(heirOf: parent)
        exitNow(0)
    }

    private func restartNow(heirOf parent: UniqueProcess) throws(EngineError) {
        try locked { container throws(EngineError) in
            let own = try UniqueProcess.current()
            // Whoever started, stopped or removed it meanwhile took the note away. With the parent's name it was killed.
            guard let note = try container.pendingRestart(), [own, parent].contains(note.supervisor),
                let outcome = try container.outcome(), !outcome.isStopped
            else { return }
            if note.supervisor != own { try container.write(PendingRestart(supervisor: own, at: note.at)) }
            do throws(EngineError) {
                try container.begin(outcome, leavesInputOpen: true) { _, _ in }
            } catch {
                // A start that fails is an end like any other for the policy.
                if try !container.restartByPolicy() {
                    try container.cancelRestart()
                    try container.settle()
                }
            }
        }
    }
}
