import JSON

/// The pages of a program made with swift-argument-parser: one for each command, `apus-network-create` for `apus network create`.
struct CommandPages {
    private(set) var pages: [Page] = []
    private let date: String

    init(_ tree: JSONReader, date: String) {
        self.date = date
        add(tree, above: [])
    }

    private mutating func add(_ command: JSONReader, above: [String]) {
        let path = above + [text(command, "commandName")]
        let below = list(command, "subcommands").filter(isShown)
        var page = heading(path.joined(separator: "-"), text(command, "abstract"), date: date)
        let arguments = list(command, "arguments").filter(isShown)
        page += synopsis(path, arguments, hasCommands: !below.isEmpty)
        page += description(command, below)
        page += options(arguments)
        page += seeAlso(path, below)
        pages.append(Page(name: path.joined(separator: "-"), text: page))
        for child in below where text(child, "commandName") != "help" { add(child, above: path) }
    }

    private func synopsis(_ path: [String], _ arguments: [JSONReader], hasCommands: Bool) -> String {
        var lines = [".Sh SYNOPSIS", ".Nm \(path.joined(separator: " "))"]
        if arguments.contains(where: { text($0, "kind") != "positional" }) { lines.append(".Op Ar options") }
        if hasCommands { lines.append(".Ar command\n.Op Ar arguments ...") }
        for item in arguments where text(item, "kind") == "positional" {
            let word = "Ar \(argument(text(item, "valueName")))" + (flag(item, "isRepeating") ? " ..." : "")
            lines.append(flag(item, "isOptional") ? ".Op \(word)" : ".\(word)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func description(_ command: JSONReader, _ below: [JSONReader]) -> String {
        var page = ".Sh DESCRIPTION\n" + paragraph(text(command, "abstract"))
        let more = text(command, "discussion")
        if !more.isEmpty { page += ".Pp\n" + paragraph(more) }
        guard !below.isEmpty else { return page }
        page += ".Pp\nThe commands are:\n.Bl -tag -width Ds\n"
        for child in below {
            page += ".It Cm \(argument(text(child, "commandName")))\n" + paragraph(text(child, "abstract"))
        }
        return page + ".El\n"
    }

    /// Under the titles the help has, in its order.
    private func options(_ arguments: [JSONReader]) -> String {
        var (titles, entries): ([String], [String: String]) = ([], [:])
        for item in arguments {
            let title = text(item, "sectionTitle")
            if entries[title] == nil { titles.append(title) }
            entries[title, default: ""] += ".It \(tag(item))\n" + explanation(item)
        }
        guard !titles.isEmpty else { return "" }
        var page = ".Sh OPTIONS\n"
        for title in titles {
            if titles.count > 1 { page += ".Ss \(title.isEmpty ? "General" : words(title))\n" }
            page += ".Bl -tag -width Ds\n\(entries[title] ?? "").El\n"
        }
        return page
    }

    private func tag(_ item: JSONReader) -> String {
        let value = "Ar \(argument(text(item, "valueName")))"
        let kind = text(item, "kind")
        if kind == "positional" { return value }
        let names = list(item, "names").map { name in
            "Fl \(text(name, "kind") == "long" ? "\\-" : "")\(words(text(name, "name")))"
        }
        return names.joined(separator: " , ") + (kind == "option" ? " \(value)" : "")
    }

    private func explanation(_ item: JSONReader) -> String {
        let standard = text(item, "defaultValue")
        let help = paragraph(text(item, "abstract"))
        return standard.isEmpty ? help : help + "The default is \(words(standard)).\n"
    }

    private func seeAlso(_ path: [String], _ below: [JSONReader]) -> String {
        var pages = path.count > 1 ? [path.dropLast().joined(separator: "-")] : []
        pages += below.map { text($0, "commandName") }.filter { $0 != "help" }.map {
            (path + [$0]).joined(separator: "-")
        }
        if path.count == 1 { pages += ["apus-cni", "apus-netd", "apus-runtime", "conmon"] }
        let references = pages.sorted().map { ".Xr \($0) \($0 == "conmon" ? 8 : 1)" }
        return ".Sh SEE ALSO\n" + references.joined(separator: " ,\n") + "\n"
    }
}

// A member that is absent says nothing.
private func text(_ reader: JSONReader, _ name: String) -> String {
    (try? reader.optional(name)?.string()) ?? ""
}
private func flag(_ reader: JSONReader, _ name: String) -> Bool {
    (try? reader.optional(name)?.boolean()) ?? false
}
private func list(_ reader: JSONReader, _ name: String) -> [JSONReader] {
    (try? reader.optional(name)?.elements()) ?? []
}
private func isShown(_ reader: JSONReader) -> Bool { flag(reader, "shouldDisplay") }
