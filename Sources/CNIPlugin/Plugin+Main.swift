internal import CNISpec
internal import JSON
internal import Kernel

extension Plugin {
    /// The whole program: reads the call, answers it, exits.
    public static func main() {
        // A reader who has gone away is an error to answer to, not a death.
        swallowSignal(Signal.pipe)
        let missing = openMissingStandardStreams()
        guard !missing.contains(1) else {
            note("\(name): standard output is closed, so nobody could be told of a result")
            exitNow(1)
        }
        announceWaiting()
        deliver(Dispatcher(Self.self, .ofThisProcess(hasInput: !missing.contains(0))).run())
    }

    /// A person at a terminal should know that the program has not hung.
    private static func announceWaiting() {
        guard let command = environmentVariable("CNI_COMMAND"), !command.isEmpty, isTerminal(0) else {
            return
        }
        note("\(name): reads the network configuration (JSON) from the terminal; Ctrl-D ends it")
    }

    private static func deliver(_ answer: Answer) -> Never {
        if !answer.notice.isEmpty { writeError(Array(answer.notice.utf8)) }
        do throws(SystemError) {
            if !answer.output.isEmpty {
                try withStandardOutput { (file: borrowing FileDescriptor) throws(SystemError) in
                    try file.write(answer.output + "\n")
                }
            }
        } catch {
            note("\(name): cannot answer: \(error)")
            answer.undo()
            exitNow(1)
        }
        exitNow(answer.code)
    }
}

/// Ends the process with `error` as its answer, where nothing else may be done any more.
func endProcess(_ error: CNIError) -> Never {
    do throws(SystemError) {
        try withStandardOutput { (file: borrowing FileDescriptor) throws(SystemError) in
            try file.write(error.json(.latest).text + "\n")
        }
    } catch { note("\(error)") }
    exitNow(1)
}
