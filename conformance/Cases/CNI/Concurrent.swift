import Kernel
import Suite

extension PluginBench {
    /// Makes all of `calls` at the same time; the answers stand in the same order.
    ///
    /// Nothing is recorded but the first call: the others differ in names only.
    func together(_ calls: [Call]) throws(Stop) -> [Answer] {
        if let first = calls.first {
            var step = step(first)
            step.status = "and \(calls.count - 1) more at the same time"
            recorder.record(step)
        }
        do throws(SystemError) {
            var children: [Int32] = []
            for (number, call) in calls.enumerated() { children.append(try start(call, number)) }
            for child in children { _ = try waitForExit(child) }
            var answers: [Answer] = []
            for number in calls.indices { answers.append(try readAnswer(number)) }
            return answers
        } catch { throw .trouble("cannot make calls at the same time: \(error)") }
    }

    /// Makes `call` in a process of its own, which leaves the answer in files.
    private func start(_ call: Call, _ number: Int) throws(SystemError) -> Int32 {
        try makeDirectories(Self.answers, mode: 0o755)
        let step = step(call)
        let seconds = call.seconds
        switch try cloneProcess() {
        case .parent(let pid, _): return pid
        case .child:
            let isDone = leaveAnswer(step, seconds, "\(Self.answers)/\(number)")
            exitNow(isDone ? 0 : 1)
        }
    }

    private func readAnswer(_ number: Int) throws(SystemError) -> Answer {
        let path = "\(Self.answers)/\(number)"
        let code = Int32(try readText("\(path).code")) ?? -1
        return Answer(
            status: code < 0 ? nil : .exited(code), output: try readText("\(path).out"),
            errors: try readText("\(path).err"))
    }

    private static var answers: String { "/run/conformance/answers" }
}

/// Runs `step` and writes what came of it below `path`; false when one of both failed.
private func leaveAnswer(_ step: Step, _ seconds: Int32, _ path: String) -> Bool {
    do throws(Stop) {
        let answer = try Recorder.runUnrecorded(step, seconds: seconds)
        do throws(SystemError) {
            let parts = [
                ("out", answer.output), ("err", answer.errors), ("code", "\(answer.status?.code ?? -1)"),
            ]
            for (name, text) in parts {
                try FileDescriptor.open("\(path).\(name)", [.writeOnly, .create, .truncate], mode: 0o644)
                    .write(text)
            }
            return true
        } catch { return false }
    } catch { return false }
}
