/// A table of text as Docker prints one: each column as wide as its longest cell and three blanks, ten characters at least.
package struct Table: Hashable, Sendable {
    private var rows: [[String]]

    /// Begins with the line of titles; an empty list is a table without one.
    package init(_ titles: [String]) { rows = titles.isEmpty ? [] : [titles] }

    /// Adds a line.
    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The lines, each with its line end.
    package var text: String {
        let widths = columnWidths
        var text = ""
        for row in rows {
            for (column, cell) in row.enumerated() {
                text += cell
                // The last cell of a line is not filled up: no line ends with blanks.
                guard column < row.count - 1 else { continue }
                text += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
            }
            text += "\n"
        }
        return text
    }

    private var columnWidths: [Int] {
        var widths = [Int](repeating: 10, count: rows.map(\.count).max() ?? 0)
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                widths[column] = max(widths[column], cell.unicodeScalars.count + 3)
            }
        }
        return widths
    }
}
