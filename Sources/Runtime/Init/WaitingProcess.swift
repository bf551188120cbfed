internal import Kernel
internal import OCISpec

/// The first process of a created container: waits at the fifo, then becomes the user's program.
///
/// `start` writes one byte, and learns from the same fifo how it went: it closes at execve(2), or the reason
/// of a failure is written into it first. See ``StartSignal``.
struct WaitingProcess {
    let setup: ProcessSetup
    let hooks: [Hook]
    let record: ContainerRecord

    func run(fifo: consuming FileDescriptor) -> Never {
        do throws(RuntimeError) {
            try closeOthers(than: fifo.rawValue, inherited: setup.inheritedDescriptors)
            try wait(fifo)
            do throws(RuntimeError) {
                try setup.verifyProgram()
                // Hooks in the container get the pid as the container counts. runtime.md, "State".
                try HookRunner(record: record).run(
                    hooks, phase: "startContainer", status: "created", pid: processID())
            } catch {
                try RuntimeError.step("tell of the failure") { () throws(SystemError) in
                    try fifo.write("\(error)")
                }
                throw error
            }
            try setup.becomeProgram()
        } catch {
            try? withStandardError { file throws(SystemError) in try file.write("\(error)\n") }
            exitNow(1)
        }
    }

    private func wait(_ fifo: borrowing FileDescriptor) throws(RuntimeError) {
        try RuntimeError.step("wait for start") { () throws(SystemError) in
            // Hundreds of containers may wait, and all that is needed in the end is the way to execve(2).
            if !setup.isFiltered { try fifo.restUntilReadable() }
            _ = try fifo.read(upTo: 1)
        }
    }
}
