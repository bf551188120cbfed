/// Options and what they do, as a help shows them; one without a help is left out.
package func optionTable(_ options: [Option]) -> String {
    helpTable(
        options.filter { !$0.help.isEmpty }.map { option in
            let value = option.form == .flag ? "" : " value"
            let short = option.short.map { ", -\($0)\(value)" } ?? ""
            return ("--\(option.name)\(value)\(short)", option.help)
        })
}

/// Names and what they mean in two columns, as a help shows them.
package func helpTable(_ rows: [(String, String)]) -> String {
    let width = rows.map { $0.0.utf8.count }.max() ?? 0
    var text = ""
    for (left, right) in rows {
        text += "   " + left + String(repeating: " ", count: width - left.utf8.count + 2) + right + "\n"
    }
    return text
}

/// Columns at least 12 wide with 3 spaces between them, the last as long as it is: runc's layout.
package func alignedTable(_ rows: [[String]]) -> String {
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
