import Suite

extension PluginBench {
    /// Makes the call with its input coming through a pipe, where a plugin that does not read on is noticed.
    ///
    /// Without this it is a file in memory, so a plugin that never reads cannot block its host.
    func piped(_ call: Call, _ edit: (inout Call) -> Void) throws(Stop) -> Answer {
        var call = call
        edit(&call)
        let direct = step(call)
        let writer = "{ cat || { echo 'the plugin stopped reading' >&2; }; }"
        var step = Step(
            command: ["sh", "-c", "\(writer) | \(shellText(direct))"], environment: nil, input: direct.input)
        step.input = direct.input
        return try recorder.run(step, seconds: call.seconds)
    }

    /// Makes the call with `redirection` in place of the configuration on standard input.
    func throughShell(_ call: Call, _ redirection: String) throws(Stop) -> Answer {
        try recorder.run(
            Step(command: ["sh", "-c", "\(shellText(step(call))) \(redirection)"]), seconds: call.seconds)
    }

    private func shellText(_ step: Step) -> String {
        (["env", "-i"] + (step.environment ?? []) + step.command).map(shellQuoted).joined(separator: " ")
    }
}
