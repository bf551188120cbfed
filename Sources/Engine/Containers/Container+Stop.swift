internal import Kernel

extension Container {
    /// Stops the container: its stop signal, and SIGKILL when it still runs after `seconds` (its own time when `nil`; -1 is for ever).
    ///
    /// One that does not run is left alone.
    package func stop(signal: String? = nil, seconds: Int? = nil) throws(EngineError) {
        try stop(signal: signal, seconds: seconds, thenStarts: false)
    }

    /// `thenStarts`: the caller starts it again at once, for which also one that removes itself has to stay.
    private func stop(signal: String?, seconds: Int?, thenStarts: Bool) throws(EngineError) {
        guard let running = try forbidRestart(except: thenStarts) else { return }
        let number = try signalNumber(named: signal ?? record.stopSignal)
        let watch = EndWatch(self, running)
        try end(running, number)
        // More than three weeks are three weeks.
        let patience = min(seconds ?? record.stopTimeout ?? 10, 2_000_000)
        if try watch.wait(milliseconds: patience < 0 ? nil : Int32(patience) * 1000) == nil {
            try end(running, Signal.kill)
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
        if number == Signal.kill { try end(running, number) } else { try send(number, to: running) }
        tell("kill", ["signal": String(number)])
    }

    /// Stops it if it runs, and starts it.
    package func restart(signal: String? = nil, seconds: Int? = nil) throws(EngineError) {
        try stop(signal: signal, seconds: seconds, thenStarts: true)
        do throws(EngineError) { try start() } catch {
            try? locked { container throws(EngineError) in
                try container.cancelRestart()
                try container.settle()
            }
            throw error
        }
        tell("restart")
    }

    /// Freezes all its processes.
    package func pauseProcesses() throws(EngineError) {
        // With the lock: a start that is on its way would wait for a process which is frozen.
        try locked { container throws(EngineError) in
            switch try container.state() {
            case .running: break
            case .paused: throw EngineError("Container \(id) is already paused", .conflict)
            default: throw EngineError("Container \(id) is not running", .conflict)
            }
            try engine.runtime(of: record).run(["pause", id], log: bundle + "/oci.log")
            tell("pause")
        }
    }

    /// Lets its frozen processes go on.
    package func unpauseProcesses() throws(EngineError) {
        try locked { container throws(EngineError) in
            guard case .paused = try container.state() else {
                throw EngineError("Container \(id) is not paused", .conflict)
            }
            try engine.runtime(of: record).run(["resume", id], log: bundle + "/oci.log")
            tell("unpause")
        }
    }

    /// Sends a signal which is to end it to a start; that this has ended is no error.
    ///
    /// A frozen process does not die with version 1's freezer. It is thawed, and until SIGKILL has had its effect nobody can freeze it.
    private func end(_ running: Running, _ signal: Int32) throws(EngineError) {
        do throws(EngineError) {
            try locked { container throws(EngineError) in
                if case .paused = try container.state() {
                    try engine.runtime(of: record).run(["resume", id])
                }
                try send(signal, to: running)
                guard signal == Signal.kill else { return }
                try EngineError.step("wait for \(record.name)") { () throws(SystemError) in
                    if let process = try running.process.open() {
                        _ = try waitForEnd(of: process, milliseconds: 1000)
                    }
                }
            }
        } catch { if error.kind != .notFound { throw error } }
    }

    /// Remembers that somebody wants it stopped; answers its start when it runs. `except`: by the caller, who starts it himself.
    private func forbidRestart(except byCaller: Bool = false) throws(EngineError) -> Running? {
        try locked { container throws(EngineError) in
            let live = try container.state().live
            if var outcome = try container.outcome(), !outcome.isStopped {
                outcome.isStopped = true
                // On a full disk it is stopped all the same. Its end cannot be written down either, without which nothing starts it.
                do throws(EngineError) { try container.write(outcome) } catch {
                    if live == nil { throw error }
                }
            }
            try container.cancelRestart()
            if live == nil {
                try container.settle()
            } else if byCaller {
                try container.write(
                    PendingRestart(supervisor: try UniqueProcess.current(), at: realtimeNanoseconds()))
            }
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
