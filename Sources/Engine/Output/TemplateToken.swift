internal import JSON

/// A word of a template.
enum TemplateToken: Hashable, Sendable {
    case word(String)
    case field([String])
    /// A field right behind what it belongs to.
    case attached([String])
    case variable(String)
    case literal(JSONValue)
    case open, close, bar, comma, assign

    /// Whether a field right behind it is its own.
    var hasFields: Bool {
        switch self {
        case .variable, .close: true
        default: false
        }
    }

    var variableName: String? {
        guard case .variable(let name) = self else { return nil }
        return name
    }

    /// Takes the next word; `rest` does not begin with white space.
    ///
    /// `isAttached`: no white space stands before it, and what does is a value.
    static func take(
        from rest: inout Substring, isAttached: Bool
    ) throws(EngineError) -> TemplateToken {
        if rest.hasPrefix(":=") {
            rest = rest.dropFirst(2)
            return .assign
        }
        let first = rest.removeFirst()
        switch first {
        case "(": return .open
        case ")": return .close
        case "|": return .bar
        case ",": return .comma
        case ".": return isAttached ? .attached(path(&rest)) : .field(path(&rest))
        case "$": return .variable(name(&rest))
        case "\"", "`": return .literal(.string(try quoted(&rest, by: first)))
        case _ where first.isNumber || first == "-":
            let digits = String(first) + rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count - 1)
            guard let number = Int64(digits) else {
                throw templateError(
                    "\(digits) is no number; a name with other than letters and digits in it is for index, as in (index .Networks \"my-net\")"
                )
            }
            return .literal(.integer(number))
        case _ where isNamePart(first):
            let word = String(first) + name(&rest)
            return word == "true" || word == "false" ? .literal(.boolean(word == "true")) : .word(word)
        default: throw templateError("unexpected \"\(first)\"")
        }
    }

    private static func path(_ rest: inout Substring) -> [String] {
        var names: [String] = []
        var part = name(&rest)
        while !part.isEmpty {
            names.append(part)
            guard rest.first == "." else { break }
            rest = rest.dropFirst()
            part = name(&rest)
        }
        return names
    }

    private static func name(_ rest: inout Substring) -> String {
        let name = rest.prefix(while: isNamePart)
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private static func quoted(
        _ rest: inout Substring, by mark: Character
    ) throws(EngineError) -> String {
        var text = ""
        while let next = rest.popFirst() {
            if next == mark { return text }
            guard next == "\\", mark == "\"", let escaped = rest.popFirst() else {
                text.append(next)
                continue
            }
            text.append(escaped)
        }
        throw templateError("a text without its closing \(mark)")
    }
}
