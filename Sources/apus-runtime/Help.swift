/// The help of the whole program.
func helpText() -> String {
    var text = """
        NAME:
           \(programName) - Open Container Initiative runtime

        \(programName) runs applications packaged as OCI bundles: directories with a "config.json" and a
        root file system. It takes the commands and options of runc.

        To start a new instance of a container:

            # \(programName) run [ -b bundle ] <container-id>

        USAGE:
           \(programName) [global options] command [command options] [arguments...]

        VERSION:
           \(programVersion)

        COMMANDS:

        """
    let verbs = VerbName.allCases.map(\.verb)
    text += table(
        verbs.map { ($0.name, $0.summary) } + [("help, h", "shows a list of commands or help for one")])
    return text + "\nGLOBAL OPTIONS:\n" + table(rows(of: Globals.options))
}

/// The help of one command.
func helpText(of verb: Verb) -> String {
    let options = rows(of: verb.options + [.helpFlag])
    var text = "NAME:\n   \(programName) \(verb.name) - \(verb.summary)\n\n"
    text += "USAGE:\n   \(programName) \(verb.name) [command options] \(verb.usage)\n"
    if !verb.details.isEmpty { text += "\nDESCRIPTION:\n   \(verb.details)\n" }
    return text + "\nOPTIONS:\n" + table(options)
}

private func rows(of options: [Option]) -> [(String, String)] {
    options.filter { !$0.help.isEmpty }.map { option in
        let value = option.form == .flag ? "" : " value"
        let short = option.short.map { ", -\($0)\(value)" } ?? ""
        return ("--\(option.name)\(value)\(short)", option.help)
    }
}

private func table(_ rows: [(String, String)]) -> String {
    let width = rows.map { $0.0.utf8.count }.max() ?? 0
    var text = ""
    for (left, right) in rows {
        text += "   " + left + String(repeating: " ", count: width - left.utf8.count + 2) + right + "\n"
    }
    return text
}
