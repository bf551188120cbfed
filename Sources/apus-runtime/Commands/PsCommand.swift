import CommandWords
import JSON
import Kernel
import Runtime

/// `ps ID`: shows the processes of a container, as the host's `ps` sees them.
struct PsCommand: Command {
    static var verb: Verb {
        Verb(
            "ps", "display the processes of a container", usage: "<container-id> [ps options]",
            positionals: 1...Int.max,
            options: [.value("format", short: "f", "'table' or 'json' (default: \"table\")")],
            passesRestOn: true,
            details: "The table comes from ps(1) of the host, run with the given options (default: -ef).")
    }

    private let id: String
    private let format: ListFormat
    private let psOptions: [String]

    init(_ arguments: Arguments) throws(Failure) {
        id = arguments.positionals[0]
        format = try arguments.listFormat()
        let rest = Array(arguments.positionals.dropFirst())
        psOptions = rest.isEmpty ? ["-ef"] : rest
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        let pids = try operation { () throws(RuntimeError) in try surroundings.runtime.processes(id) }
        switch format {
        case .json:
            try printOut(JSONValue.array(pids.map { .integer(Int64($0)) }).text + "\n")
        case .table:
            try printOut(filter(hostTable(), keeping: Set(pids.map { String($0) })))
        }
        return 0
    }

    /// What the host's ps says about all processes.
    private func hostTable() throws(Failure) -> String {
        let path = try findProgram("ps")
        var program = Program(path: path, arguments: ["ps"] + psOptions, environment: environmentWords())
        program.collectsOutput = true
        let result = try system("run ps") { () throws(SystemError) in try program.run() }
        guard result.status == .exited(0) else {
            let reason = result.errorText.split(separator: "\n").first.map { ": \($0)" } ?? ""
            throw Failure("ps \(psOptions.joined(separator: " ")) failed\(reason)")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// The heading, and the lines whose PID column is one of `pids`.
    private func filter(_ table: String, keeping pids: Set<String>) throws(Failure) -> String {
        let lines = table.split(separator: "\n")
        guard let heading = lines.first, let column = words(heading).firstIndex(of: "PID") else {
            throw Failure("the output of ps \(psOptions.joined(separator: " ")) has no PID column")
        }
        var text = heading + "\n"
        for line in lines.dropFirst() {
            let cells = words(line)
            if column < cells.count, pids.contains(String(cells[column])) { text += line + "\n" }
        }
        return String(text)
    }

    private func words(_ line: Substring) -> [Substring] { line.split { $0 == " " || $0 == "\t" } }
}

/// Finds `name` in the directories of `PATH`, or in the usual ones.
private func findProgram(_ name: String) throws(Failure) -> String {
    let directories = environmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for directory in directories.split(separator: ":") where directory.hasPrefix("/") {
        let path = directory + "/" + name
        if fileExists(String(path)) { return String(path) }
    }
    throw Failure("\(name) is not in PATH; use --format json for the process ids")
}
