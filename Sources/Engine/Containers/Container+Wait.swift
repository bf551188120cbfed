internal import Kernel

/// Waits for the end of one start of a container, whatever becomes of the container's files meanwhile.
package struct EndWatch: ~Copyable {
    private let container: Container
    private let running: Running
    /// Where the exit code will stand: `ended` in the bundle, which stays readable when it is removed.
    private let answer: FileDescriptor?

    package init(_ container: Container, _ running: Running) {
        self.container = container
        self.running = running
        answer = try? FileDescriptor.open(container.bundle + "/ended")
    }

    /// Waits until the program has ended and its end is dealt with; answers the exit code.
    ///
    /// `milliseconds`: how long at most, `nil` for ever; `nil` is the answer when the time ran out.
    package func wait(milliseconds: Int32? = nil) throws(EngineError) -> Int32? {
        let deadline = milliseconds.map { monotonicMilliseconds() + Int64($0) }
        for process in [running.process, running.monitor] {
            guard try hasEnded(process, by: deadline) else { return nil }
        }
        if let code = writtenCode() { return code }
        // conmon or what it ran was killed: nobody has dealt with the end.
        let outcome = try dealWithEnd()
        return writtenCode() ?? outcome?.exitCode ?? 255
    }

    private func hasEnded(_ process: UniqueProcess, by deadline: Int64?) throws(EngineError) -> Bool {
        try EngineError.step("wait for \(container.record.name)") { () throws(SystemError) in
            guard let handle = try process.open() else { return true }
            let left = deadline.map { Int32(clamping: max(0, $0 - monotonicMilliseconds())) }
            return try waitForEnd(of: handle, milliseconds: left)
        }
    }

    private func writtenCode() -> Int32? {
        guard let bytes = try? answer?.read(upTo: 16, at: 0) else { return nil }
        return Int32(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
    }

    private func dealWithEnd() throws(EngineError) -> Outcome? {
        do throws(EngineError) {
            return try container.locked { container throws(EngineError) in
                if try container.running()?.token == running.token { try container.finish() }
                return try container.outcome()
            }
        } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }
}

/// What `wait` waits for.
package enum WaitCondition: String, CaseIterable, Sendable {
    case notRunning = "not-running"
    case nextExit = "next-exit"
    case removed
}

extension Container {
    /// Waits until the container does not run; answers the exit code of its last end.
    package func wait(for condition: WaitCondition = .notRunning) throws(EngineError) -> Int32 {
        var code: Int32?
        while true {
            guard let live = try liveStart() else {
                if condition == .notRunning || code != nil && condition == .nextExit { break }
                guard fileExists(folder + "/record.json") else { break }
                pause(milliseconds: 50)
                continue
            }
            code = try EndWatch(self, live).wait()
            if condition != .removed { break }
        }
        if let code { return code }
        return try currentOutcome().exitCode
    }

    private func liveStart() throws(EngineError) -> Running? {
        guard let running = try running() else { return nil }
        // One whose end nobody has dealt with yet is waited for as well.
        return running
    }
}
