package import Kernel

/// How a program that a case ran ended, and what it said.
package struct Answer: Sendable {
    /// `nil` when the time ran out and the program was killed.
    package let status: ExitStatus?
    package let output: String
    /// The first 4096 bytes of standard error.
    package let errors: String

    package init(status: ExitStatus?, output: String, errors: String) {
        self.status = status
        self.output = output
        self.errors = errors
    }

    /// Whether it ended by itself with 0.
    package var isSuccess: Bool { status == .exited(0) }

    /// What a finding shows of it.
    package var text: String {
        let end = status?.text ?? "killed, because it did not end"
        return end + (output.isEmpty ? ", nothing on standard output" : ", standard output:\n\(output)")
            + (errors.isEmpty ? "" : "\nstandard error:\n\(errors)")
    }
}

extension Recorder {
    /// Runs a program and writes it down. `seconds`: how long it may take.
    ///
    /// A step without an environment gets the one of this process. The first word is a path, or a name in `PATH`.
    package func run(_ step: Step, seconds: Int32 = 20) throws(Stop) -> Answer {
        let answer = try Self.runUnrecorded(step, seconds: seconds)
        var step = step
        step.status = answer.status?.text ?? "killed after \(seconds) s"
        step.output = answer.output
        step.errors = answer.errors
        record(step)
        return answer
    }

    /// Runs a program which only looks, so a person who repeats the case does not need it.
    package static func runUnrecorded(_ step: Step, seconds: Int32 = 20) throws(Stop) -> Answer {
        let name = step.command.first ?? ""
        guard let path = name.contains("/") ? name : findProgram(name) else {
            throw .trouble("\(name) is not in PATH")
        }
        var program = Program(
            path: path, arguments: step.command, environment: step.environment ?? environmentWords())
        program.input = Array(step.input.utf8)
        program.timeout = seconds * 1000
        program.collectsOutput = true
        do throws(SystemError) {
            let result = try program.run()
            return Answer(
                status: result.status, output: String(decoding: result.output, as: UTF8.self),
                errors: result.errorText)
        } catch { throw .trouble("cannot run \(name): \(error)") }
    }

    /// Runs a program of the machine that must succeed, for example `ip`; answers what it printed.
    @discardableResult
    package func tool(_ command: String...) throws(Stop) -> String {
        let answer = try run(Step(command: command))
        guard answer.isSuccess else {
            throw .trouble("\(command.joined(separator: " ")): \(answer.text)")
        }
        return answer.output
    }
}
