import CommandWords
import JSON
import Runtime

/// `list`: prints the containers of the state directory.
struct ListCommand: Command {
    static var verb: Verb {
        Verb(
            "list", "list the containers of the state directory", usage: "", positionals: 0...0,
            options: [
                .value("format", short: "f", "'table' or 'json' (default: \"table\")"),
                .flag("quiet", short: "q", "print container IDs only"),
            ])
    }

    private let format: ListFormat
    private let isQuiet: Bool

    init(_ arguments: Arguments) throws(Failure) {
        format = try arguments.listFormat()
        isQuiet = arguments.flag("quiet")
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        let containers = try operation { () throws(RuntimeError) in try surroundings.runtime.list() }
        if isQuiet {
            try printOut(containers.map { $0.id + "\n" }.joined())
        } else if format == .json {
            // Callers of runc know an empty list as null.
            let list = containers.isEmpty ? JSONValue.null : .array(containers.map(\.json))
            try printOut(list.text + "\n")
        } else {
            try printOut(table(of: containers))
        }
        return 0
    }

    private func table(of containers: [ContainerSummary]) -> String {
        let rows = containers.map { container in
            [
                container.id, String(container.state.pid ?? 0), container.state.name, container.bundle,
                container.created, container.owner,
            ]
        }
        return alignedTable([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]] + rows)
    }
}

/// How `list` and `ps` write.
enum ListFormat: String {
    case table, json
}

extension Arguments {
    /// The value of `--format`.
    func listFormat() throws(Failure) -> ListFormat {
        try parsed("format", "'table' or 'json'") { ListFormat(rawValue: $0) } ?? .table
    }
}
