import Kernel

/// Starts a program, hands signals on to it, and reaps every process that loses its parent.
struct ContainerInit {
    /// The program and its arguments.
    private let words: [String]

    /// `words`: the command line without this program's name.
    init(words: [String]) { self.words = words.first == "--" ? Array(words.dropFirst()) : words }

    /// The program's exit code, 128 and the number of the signal that killed it, or what a shell says where it cannot be started.
    func run() -> Int32 {
        guard !words.isEmpty else {
            writeError(Array("usage: apus-init [--] PROGRAM [ARGUMENT...]\n".utf8))
            return 125
        }
        do throws(SystemError) {
            // Blocked before there is a child, so that no signal is lost between the two.
            let signals = try SignalQueue()
            let program = try forkProcess()
            if program == 0 { exitNow(becomeProgram()) }
            return try attend(program, signals)
        } catch {
            complain("\(error)")
            return 125
        }
    }

    private func attend(_ program: Int32, _ signals: borrowing SignalQueue) throws(SystemError) -> Int32 {
        while true {
            _ = try waitForReadiness([(signals.descriptor, .readable)])
            for signal in try signals.take() where signal != Signal.child {
                // It may have ended just now.
                try? sendSignal(signal, to: program)
            }
            while let ended = try reapAnyChild() {
                // With the first process go all others.
                if ended.pid == program { return ended.status.code }
            }
        }
    }

    /// The child's side: returns only where the program cannot be executed, with the code a shell has for it.
    private func becomeProgram() -> Int32 {
        do throws(SystemError) {
            // A group of its own: what is typed at the terminal reaches it once, and not through its parent again.
            try startProcessGroup()
            if isTerminal(0) { try takeForeground(0) }
            unblockSignals()
            try execute(path(of: words[0]), arguments: words, environment: environmentWords())
        } catch {
            complain("\(error)")
            return error.errno == .noEntity ? 127 : 126
        }
    }

    private func path(of name: String) -> String {
        if name.contains("/") { return name }
        let search =
            environmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return findFile(name, in: search.split(separator: ":")) ?? name
    }

    private func complain(_ reason: String) { writeError(Array("apus-init: \(reason)\n".utf8)) }
}
