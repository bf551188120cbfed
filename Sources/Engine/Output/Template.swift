package import JSON

/// A text with `{{...}}` in it, as `--format` takes one: a small part of the templates of Go.
///
/// There are fields (`.State.Pid`), `range`, `if`, `with`, `else`, `else if`, `end`, variables, comments, `|`, parentheses, and the functions
/// of ``TemplateEvaluation/functions``.
package struct Template: Hashable, Sendable {
    let nodes: [Node]

    /// A piece of a template.
    indirect enum Node: Hashable, Sendable {
        case text(String)
        case value(Expression)
        /// `variables`: none, the element's, or the index' and the element's.
        case range(variables: [String], Expression, [Node], otherwise: [Node])
        case condition(Expression, [Node], otherwise: [Node])
        case with(Expression, [Node], otherwise: [Node])
        case assignment(String, Expression)
    }

    /// What stands between the braces.
    indirect enum Expression: Hashable, Sendable {
        case literal(JSONValue)
        /// Names after the dot; none is the dot itself.
        case field([String], of: Expression?)
        case variable(String)
        case call(String, [Expression])
    }

    /// Reads a template.
    ///
    /// - Throws: ``EngineError`` which names what is not understood.
    package init(_ text: String) throws(EngineError) {
        var parser = TemplateParser(Self.unescaped(text))
        nodes = try parser.parse()
    }

    /// A shell hands `\t` and `\n` on as two characters.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            switch (isEscaped, character) {
            case (false, "\\"): isEscaped = true
            case (true, "t"): (result, isEscaped) = (result + "\t", false)
            case (true, "n"): (result, isEscaped) = (result + "\n", false)
            case (true, _): (result, isEscaped) = (result + "\\" + String(character), false)
            case (false, _): result.append(character)
            }
        }
        return isEscaped ? result + "\\" : result
    }

    /// The text for `value`.
    ///
    /// `methods`: fields it has beside those `json` shows.
    /// - Throws: ``EngineError`` for a field `value` itself does not have; one further down gives `<no value>`.
    package func text(
        for value: JSONValue, methods: [JSONValue.Member] = []
    ) throws(EngineError) -> String {
        var evaluation = TemplateEvaluation(root: value, methods: methods)
        return try evaluation.text(of: nodes, value)
    }
}

func templateError(_ reason: String) -> EngineError { EngineError("template: \(reason)", .invalid) }
