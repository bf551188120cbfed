internal import Kernel

extension Container {
    /// Stops the container: its stop signal, and SIGKILL when it still runs after `seconds` (its own time when `nil`; -1 is for ever).
    ///
    /// One that does not run is left alone.
    package func stop(signal: String? = nil, seconds: Int? = nil) throws(EngineError) {
        guard let running = try forbidRestart() else { return }
        let number = try signalNumber(named: signal ?? record.stopSignal)
        let watch = EndWatch(self, running)
        try thaw()
        try send(number, to: running)
        // More than three weeks are three weeks.
        let patience = min(seconds ?? record.stopTimeout ?? 10, 2_000_000)
        if try watch.wait(milliseconds: patience < 0 ? nil : Int32(patience) * 1000) == nil {
            try send(Signal.kill, to: running)
            guard try watch.wait(milliseconds: 10_000) != nil else {
                throw EngineError(
                    "cannot stop container: \(record.name): tried to kill container, but did not receive an exit event"
                )
            }
        }
        tell("stop")
    }

    /// Sends a signal to the container's first process.
    package func kill(signal: String) throws(EngineError) {
        let number = try signalNumber(named: signal)
        guard let running = try state().live else {
            throw EngineError(
                "cannot kill container: \(record.name): container \(id) is not running", .conflict)
        }
        let stopSignal = try signalNumber(named: record.stopSignal)
        if number == Signal.kill || number == stopSignal { _ = try forbidRestart() }
        // A frozen process does not die of a signal of version 1's freezer.
        if number == Signal.kill { try thaw() }
        try send(number, to: running)
        tell("kill", ["signal": String(number)])
    }

    /// Stops it if it runs, and starts it.
    package func restart(signal: String? = nil, seconds: Int? = nil) throws(EngineError) {
        try stop(signal: signal, seconds: seconds)
        try start()
        tell("restart")
    }

    /// Freezes all its processes.
    package func pauseProcesses() throws(EngineError) {
        switch try state() {
        case .running: break
        case .paused: throw EngineError("Container \(id) is already paused", .conflict)
        default: throw EngineError("Container \(id) is not running", .conflict)
        }
        try engine.runtime(of: record).run(["pause", id], log: bundle + "/oci.log")
        tell("pause")
    }

    /// Lets its frozen processes go on.
    package func unpauseProcesses() throws(EngineError) {
        guard case .paused = try state() else {
            throw EngineError("Container \(id) is not paused", .conflict)
        }
        try engine.runtime(of: record).run(["resume", id], log: bundle + "/oci.log")
        tell("unpause")
    }

    private func thaw() throws(EngineError) {
        if case .paused = try state() { try engine.runtime(of: record).run(["resume", id]) }
    }

    /// Remembers that somebody wants it stopped; answers its start when it runs.
    private func forbidRestart() throws(EngineError) -> Running? {
        try locked { container throws(EngineError) in
            let live = try container.state().live
            if var outcome = try container.outcome(), !outcome.isStopped {
                outcome.isStopped = true
                // On a full disk it is stopped all the same. Its end cannot be written down either, without which nothing starts it.
                do throws(EngineError) { try container.write(outcome) } catch {
                    if live == nil { throw error }
                }
            }
            // The process which waits to start it again sees that its note has gone.
            try EngineError.step("cancel a restart") { () throws(SystemError) in
                try removeFileIfPresent(container.restartPath)
            }
            if live == nil { try container.settle() }
            return live
        }
    }

    private func send(_ signal: Int32, to running: Running) throws(EngineError) {
        try EngineError.step("send signal \(signal) to \(record.name)") { () throws(SystemError) in
            guard let process = try running.process.open() else { return }
            do throws(SystemError) { try sendSignal(signal, to: process) } catch {
                // It ended by itself.
                if error.errno != .noProcess { throw error }
            }
        }
    }
}

func signalNumber(named text: String) throws(EngineError) -> Int32 {
    guard let number = Kernel.signalNumber(text), number > 0 else {
        throw EngineError("Invalid signal: \(text)", .invalid)
    }
    return number
}
