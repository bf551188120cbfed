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

/// Columns at least 12 wide with 3 spaces between them, the last as long as it is: runc's layout.
func alignedTable(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
        for (column, cell) in row.enumerated() {
            if column == widths.count { widths.append(12) }
            widths[column] = max(widths[column], cell.count + 3)
        }
    }
    var text = ""
    for row in rows {
        for (column, cell) in row.enumerated() {
            text += cell
            let isLast = column == row.count - 1
            text += isLast ? "\n" : String(repeating: " ", count: widths[column] - cell.count)
        }
    }
    return text
}
