internal import JSON

/// Reads a template from left to right.
struct TemplateParser {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func parse() throws(EngineError) -> [Template.Node] {
        let (nodes, end) = try block()
        guard let end else { return nodes }
        throw templateError("{{\(end.word)}} without its beginning")
    }

    /// `{{end}}` or `{{else}}`, and what stands behind the word.
    private struct Ending {
        let word: String
        let tokens: [TemplateToken]
    }

    /// Pieces up to `{{end}}`, `{{else}}` or the end of the text, and which of them it was.
    private mutating func block() throws(EngineError) -> (nodes: [Template.Node], end: Ending?) {
        var nodes: [Template.Node] = []
        while let piece = try next() {
            guard case .action(let tokens) = piece else {
                if case .text(let text) = piece { nodes.append(.text(text)) }
                continue
            }
            if let name = tokens.first?.variableName, tokens.dropFirst().first == .assign {
                nodes.append(.assignment(name, try expression(Array(tokens.dropFirst(2)))))
                continue
            }
            guard case .word(let word)? = tokens.first else {
                nodes.append(.value(try expression(tokens)))
                continue
            }
            switch word {
            case "end", "else": return (nodes, Ending(word: word, tokens: Array(tokens.dropFirst())))
            case "range", "if", "with": nodes += try control(word, Array(tokens.dropFirst()))
            default: nodes.append(.value(try expression(tokens)))
            }
        }
        return (nodes, nil)
    }

    private mutating func control(
        _ word: String, _ tokens: [TemplateToken]
    ) throws(EngineError) -> [Template.Node] {
        var (variables, condition): ([String], [TemplateToken]) = ([], tokens)
        if let assignment = tokens.firstIndex(of: .assign) {
            variables = tokens[..<assignment].compactMap(\.variableName)
            condition = Array(tokens[(assignment + 1)...])
        }
        var value = try expression(condition)
        let (nodes, end) = try block()
        let otherwise = try self.otherwise(end, of: word)
        if word == "range" { return [.range(variables: variables, value, nodes, otherwise: otherwise)] }
        var all: [Template.Node] = []
        if let name = variables.first {
            all.append(.assignment(name, value))
            value = .variable(name)
        }
        let node: Template.Node =
            word == "with"
            ? .with(value, nodes, otherwise: otherwise) : .condition(value, nodes, otherwise: otherwise)
        return all + [node]
    }

    /// What stands behind `{{else}}`, up to the end: `{{else if}}` is a condition which ends where the whole does.
    private mutating func otherwise(_ end: Ending?, of word: String) throws(EngineError) -> [Template.Node] {
        if let end, end.word == "else", case .word(let next)? = end.tokens.first,
            ["if", "with"].contains(next)
        {
            return try control(next, Array(end.tokens.dropFirst()))
        }
        var (nodes, end): ([Template.Node], Ending?) = ([], end)
        if end?.word == "else" { (nodes, end) = try block() }
        guard end?.word == "end" else { throw templateError("{{\(word)}} without {{end}}") }
        return nodes
    }

    private enum Piece {
        case text(String)
        case action([TemplateToken])
    }

    private mutating func next() throws(EngineError) -> Piece? {
        guard !rest.isEmpty else { return nil }
        guard rest.hasPrefix("{{") else {
            return .text(textUpToAction())
        }
        rest = rest.dropFirst(2)
        if rest.hasPrefix("- ") { rest = rest.dropFirst(2) }
        if rest.hasPrefix("/*") { return .text(try passComment()) }
        var tokens: [TemplateToken] = []
        while true {
            let isAttached = rest.first == "." && tokens.last?.hasFields == true
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { throw templateError("{{ without }}") }
            if rest.hasPrefix("-}}") {
                rest = rest.dropFirst(3).drop(while: \.isWhitespace)
                return .action(tokens)
            }
            if rest.hasPrefix("}}") {
                rest = rest.dropFirst(2)
                return .action(tokens)
            }
            tokens.append(try TemplateToken.take(from: &rest, isAttached: isAttached))
        }
    }

    /// Takes `/* ... */}}`, which stands for nothing.
    private mutating func passComment() throws(EngineError) -> String {
        while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
        rest = rest.dropFirst(2)
        let trims = rest.hasPrefix(" -}}")
        if trims { rest = rest.dropFirst(2) }
        guard rest.hasPrefix("}}") else { throw templateError("a comment without its end */}}") }
        rest = rest.dropFirst(2)
        if trims { rest = rest.drop(while: \.isWhitespace) }
        return ""
    }

    private mutating func textUpToAction() -> String {
        var text = ""
        while let first = rest.first, !rest.hasPrefix("{{") {
            text.append(first)
            rest = rest.dropFirst()
        }
        if rest.hasPrefix("{{- ") { while text.last?.isWhitespace == true { text.removeLast() } }
        return text
    }

    /// A pipeline: what stands before a bar is the last argument of what stands behind it.
    private func expression(_ tokens: [TemplateToken]) throws(EngineError) -> Template.Expression {
        var remaining = tokens[...]
        let value = try pipeline(&remaining)
        guard remaining.isEmpty else {
            throw templateError("something stands behind the end of an expression")
        }
        return value
    }

    private func pipeline(
        _ tokens: inout ArraySlice<TemplateToken>
    ) throws(EngineError) -> Template.Expression {
        var value = try command(&tokens, piped: nil)
        while tokens.first == .bar {
            tokens = tokens.dropFirst()
            value = try command(&tokens, piped: value)
        }
        return value
    }

    private func command(
        _ tokens: inout ArraySlice<TemplateToken>, piped: Template.Expression?
    ) throws(EngineError) -> Template.Expression {
        if case .word(let name)? = tokens.first {
            guard TemplateEvaluation.functions.contains(name) else {
                throw templateError("function \"\(name)\" not defined")
            }
            tokens = tokens.dropFirst()
            return .call(name, try operands(&tokens) + (piped.map { [$0] } ?? []))
        }
        let arguments = try operands(&tokens)
        guard let first = arguments.first else { throw templateError("{{}} has nothing in it") }
        if let piped { return .call("index", [piped] + arguments) }
        // A method with an argument: {{.Label "KEY"}}.
        return arguments.count == 1 ? first : .call("index", arguments)
    }

    private func operands(
        _ tokens: inout ArraySlice<TemplateToken>
    ) throws(EngineError) -> [Template.Expression] {
        var found: [Template.Expression] = []
        while let token = tokens.first, token != .bar, token != .close {
            tokens = tokens.dropFirst()
            switch token {
            case .open:
                let inner = try pipeline(&tokens)
                guard tokens.first == .close else { throw templateError("( without )") }
                tokens = tokens.dropFirst()
                found.append(inner)
            case .field(let path): found.append(.field(path, of: nil))
            // `$x.Name` and `(index . 0).Name` are two tokens without a blank between them.
            case .attached(let path):
                guard let owner = found.popLast() else { throw templateError("a field of nothing") }
                found.append(.field(path, of: owner))
            case .variable(let name): found.append(.variable(name))
            case .literal(let value): found.append(.literal(value))
            case .word(let name): found.append(.call(name, []))
            case .assign, .comma, .bar, .close: throw templateError("an expression cannot be read")
            }
        }
        return found
    }
}
