internal import Kernel
internal import OCISpec

/// Limits the runtime sets on a process of the container from outside: it may have rights the process lacks.
struct ProcessLimits {
    let process: Process

    init(_ process: Process) { self.process = process }

    func apply(to pid: Int32) throws(RuntimeError) {
        try applyRlimits(process.rlimits, to: pid)
        if let score = process.oomScoreAdj { try setOOMScore(score, pid) }
    }

    /// Only CAP_SYS_RESOURCE may go below what is inherited. proc(5).
    private func setOOMScore(_ score: Int, _ pid: Int32) throws(RuntimeError) {
        let path = "/proc/\(pid)/oom_score_adj"
        try RuntimeError.step("set process.oomScoreAdj to \(score)") { () throws(SystemError) in
            do throws(SystemError) {
                try writeFile(path, "\(score)")
            } catch {
                guard error.errno == .accessDenied || error.errno == .notPermitted else { throw error }
                // Not allowed is no failure where nothing would change, or where nobody could be allowed.
                let isRootless = effectiveUserID() != 0
                let isSame = try readText(path) == "\(score)"
                guard isRootless || isSame else { throw error }
            }
        }
    }
}
