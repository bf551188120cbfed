// The text of a page in the macros of mdoc(7).

/// How a page begins. The first line tells `make uninstall` which pages are ours.
func heading(_ name: String, _ summary: String, date: String) -> String {
    """
    .\\" Made of the program's own help by Apus.
    .Dd \(date)
    .Dt \(name.uppercased()) 1
    .Os
    .Sh NAME
    .Nm \(name)
    .Nd \(words(summary.hasSuffix(".") ? String(summary.dropLast()) : summary))

    """
}

/// A paragraph: each sentence begins a line, and nothing in it is a macro.
func paragraph(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
        if lines[lines.count - 1].hasSuffix("."), word.first?.isUppercase ?? false { lines.append("") }
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map { words($0) + "\n" }.joined()
}

/// Lines as they stand.
func literal(_ lines: [String]) -> String {
    let used = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.reversed()
    guard !used.isEmpty else { return "" }
    let indent = used.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return ".Bd -literal\n" + used.map { words(String($0.dropFirst(indent))) + "\n" }.joined() + ".Ed\n"
}

/// Text for a line of its own: no escapes and no macros in it.
func words(_ text: String) -> String {
    let escaped = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : "\($0)" }.joined()
    return [".", "'"].contains(escaped.prefix(1)) ? "\\&" + escaped : escaped
}

/// An argument of a macro, whatever words it is made of.
func argument(_ text: String) -> String { "\\&" + words(text).map { $0 == " " ? "\\ " : "\($0)" }.joined() }
