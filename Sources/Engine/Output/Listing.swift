internal import JSON

/// What a command lists, and the forms in which `--format` may want it.
package struct Listing: Hashable, Sendable {
    private let columns: [Column]
    private var rows: [Row] = []

    /// A field of each row, and what stands above it in a table.
    package struct Column: Hashable, Sendable {
        let name: String
        let title: String

        package init(_ name: String, _ title: String) { (self.name, self.title) = (name, title) }
    }

    private struct Row: Hashable, Sendable {
        let cells: [String]
        let labels: [String: String]
    }

    /// `columns`: all fields a row has; a table without a format of its own shows those the caller names.
    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row: a text for each column. `labels` are for `{{.Label "KEY"}}`.
    package mutating func add(_ cells: [String], labels: [String: String] = [:]) {
        rows.append(Row(cells: cells, labels: labels))
    }

    /// The listing as `format` wants it: `nil` or `table` (the columns `standard`), `json` (an object on each line), `table TEMPLATE`, or a template.
    package func text(format: String?, standard: [String]) throws(EngineError) -> String {
        switch format {
        case nil, "", "table": return table(standard)
        case "json": return rows.map { json($0).text + "\n" }.joined()
        case let format? where format.hasPrefix("table "):
            return try table(Template(String(format.dropFirst(6))))
        case let format?:
            let template = try Template(format)
            var text = ""
            for row in rows { text += try template.text(for: json(row), methods: methods(row)) + "\n" }
            return text
        }
    }

    private func table(_ names: [String]) -> String {
        let shown = names.compactMap { name in columns.firstIndex { $0.name == name } }
        var table = Table(shown.map { columns[$0].title })
        for row in rows { table.add(shown.map { row.cells[$0] }) }
        return table.text
    }

    /// The titles go through the template like a row, so each stands above its own column.
    private func table(_ template: Template) throws(EngineError) -> String {
        let titles = columns.map { JSONValue.Member($0.name, .string($0.title)) }
        // A label has no title.
        let heads = try template.text(
            for: .object(titles), methods: [JSONValue.Member("Label", .object([]))])
        var table = Table(cells(heads))
        for row in rows { table.add(cells(try template.text(for: json(row), methods: methods(row)))) }
        return table.text
    }

    private func cells(_ line: String) -> [String] {
        line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }

    private func methods(_ row: Row) -> [JSONValue.Member] {
        let labels = row.labels.map { JSONValue.Member($0.key, .string($0.value)) }
        return [JSONValue.Member("Label", .object(labels))]
    }

    private func json(_ row: Row) -> JSONValue {
        let members = zip(columns, row.cells).map { JSONValue.Member($0.name, .string($1)) }
        return .object(members.sorted { $0.name < $1.name })
    }
}

/// Labels as a list shows them: `a=1,b=2`.
package func labelsColumn(_ labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
}

/// A text of at most `length` characters; a longer one ends with `…`.
package func shortened(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
}
