internal import JSON
internal import Kernel
internal import OCISpec

/// Runs the hooks of one phase. config.md, "POSIX-platform Hooks".
struct HookRunner {
    let record: ContainerRecord

    /// Runs `hooks` in order and stops at the first one that fails.
    ///
    /// - Throws: ``RuntimeError/hook(phase:path:reason:)``.
    func run(_ hooks: [Hook], phase: String, status: String, pid: Int32?) throws(RuntimeError) {
        guard !hooks.isEmpty else { return }
        let state = State(
            ociVersion: record.ociVersion, id: record.id, status: status, pid: pid, bundle: record.bundle,
            annotations: record.annotations)
        let input = Array(state.json.text.utf8)
        for hook in hooks { try run(hook, phase: phase, input: input) }
    }

    /// Runs every hook even if some fail, and tells of each failure. For poststop.
    func runAll(
        _ hooks: [Hook], phase: String, status: String, pid: Int32?, warn: (String) -> Void
    ) {
        for hook in hooks {
            do throws(RuntimeError) {
                try run([hook], phase: phase, status: status, pid: pid)
            } catch { warn("\(error)") }
        }
    }

    private func run(_ hook: Hook, phase: String, input: [UInt8]) throws(RuntimeError) {
        var program = Program(
            path: hook.path, arguments: hook.args.isEmpty ? [hook.path] : hook.args, environment: hook.env)
        program.input = input
        // It would stand between the container's, as nobody waits for it there.
        (program.collectsOutput, program.mostOutput) = (true, 0)
        program.directory = directory(phase)
        program.timeout = hook.timeout.map { Int32(clamping: $0 * 1000) }
        let result: ProgramResult
        do throws(SystemError) {
            result = try program.run()
        } catch { throw .hook(phase: phase, path: hook.path, reason: "\(error)") }
        if result.status == .exited(0) { return }
        throw .hook(phase: phase, path: hook.path, reason: Self.reason(result, timeout: hook.timeout))
    }

    /// Where hooks of `phase` start: in runc, the bundle, or the root file system for those inside.
    private func directory(_ phase: String) -> String? {
        switch phase {
        case "createContainer": record.rootfs
        case "startContainer": nil
        default: record.bundle
        }
    }

    private static func reason(_ result: ProgramResult, timeout: Int?) -> String {
        let how =
            switch result.status {
            case .exited(let code): "exit code \(code)"
            case .signaled(let number): "killed by signal \(number)"
            case nil: "still running after \(timeout ?? 0) s, killed"
            }
        let said = result.errorText.split(separator: "\n").joined(separator: "; ")
        return said.isEmpty ? how : "\(how): \(said)"
    }
}
