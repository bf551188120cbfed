internal import JSON
internal import Kernel

/// The program which makes container processes: ours, runc, crun, any with their command line.
package struct OCIRuntime: Hashable, Sendable {
    package let path: String
    /// Where it remembers its containers.
    package let root: String
    /// `NAME=value` each.
    package let environment: [String]

    package init(path: String, root: String, environment: [String]) {
        self.path = path
        self.root = root
        self.environment = environment
    }

    /// Options that stand before every command. `log`: the file its errors go to.
    package func options(log: String) -> [String] {
        ["--root", root, "--log", log, "--log-format", "json"]
    }

    /// Runs a command to its end; what it prints is answered.
    ///
    /// - Throws: ``EngineError`` with the runtime's own reason.
    @discardableResult
    package func run(_ words: [String], log: String = "/dev/null") throws(EngineError) -> [UInt8] {
        let result = try EngineError.step("run \(path)") { () throws(SystemError) in
            try program(words, log: log).run()
        }
        guard result.status == .exited(0) else {
            let reason = Self.reason(in: log) ?? Self.lastLine(of: result.errorText)
            throw EngineError(
                "OCI runtime \(words.first ?? "") failed: \(reason ?? result.status?.text ?? "no reason given")"
            )
        }
        return result.output
    }

    /// Has the container forgotten, whatever state it is in, while `body` runs. It may be unknown: the runtime's reason is not told.
    func forgetting(_ id: String, _ body: () throws(EngineError) -> Void) throws(EngineError) {
        // One that never got to know it, or has gone, has nothing to forget.
        var running = fileExists(root) ? try? program(["delete", "--force", id]).start() : nil
        defer { _ = try? running.take()?.finish() }
        try body()
    }

    private func program(_ words: [String], log: String = "/dev/null") -> Program {
        var program = Program(
            path: path, arguments: [path] + options(log: log) + words, environment: environment)
        program.collectsOutput = true
        return program
    }

    /// The last error in a log of JSON lines.
    static func reason(in log: String) -> String? {
        guard let bytes = try? readFile(log) else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() {
            guard let value = try? JSONValue(parsing: Array(line)) else { continue }
            let reader = JSONReader(value)
            guard let level = try? reader.optional("level")?.string(), ["error", "fatal"].contains(level),
                let text = try? reader.optional("msg")?.string()
            else { continue }
            return text
        }
        return nil
    }

    /// What a program wrote last.
    static func lastLine(of text: String) -> String? {
        text.split(separator: "\n").last { $0.contains { !$0.isWhitespace } }.map(String.init)
    }
}

extension EngineError {
    /// The error of a runtime which could not create or start a container, or run a program in it, in Docker's words.
    init(ofRuntime operation: String, _ reason: String) {
        let lower = reason.lowercased()
        let kind: Kind =
            if lower.contains("permission denied") || lower.contains("is a directory")
                || lower.contains("exec format error")
            {
                .notExecutable
            } else if lower.contains("executable file not found")
                || lower.contains("no such file or directory")
                || lower.contains("not found in $path")
            {
                .programNotFound
            } else {
                .failed
            }
        self.init("OCI runtime \(operation) failed: \(reason)", kind)
    }
}
