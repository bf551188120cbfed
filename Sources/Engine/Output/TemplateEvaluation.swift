internal import JSON

/// Works out the text of a template for one value.
struct TemplateEvaluation {
    private let root: JSONValue
    private let methods: [JSONValue.Member]
    private var variables: [String: JSONValue]

    static let functions: Set<String> = [
        "json", "index", "len", "join", "upper", "lower", "title", "println", "print", "eq", "ne", "not",
        "and", "or", "lt", "le", "gt", "ge", "printf", "slice", "split", "truncate", "pad",
    ]

    init(root: JSONValue, methods: [JSONValue.Member]) {
        (self.root, self.methods, variables) = (root, methods, ["": root])
    }

    mutating func text(of nodes: [Template.Node], _ dot: JSONValue) throws(EngineError) -> String {
        var text = ""
        for node in nodes { text += try self.text(of: node, dot) }
        return text
    }

    private mutating func text(of node: Template.Node, _ dot: JSONValue) throws(EngineError) -> String {
        switch node {
        case .text(let text): return text
        case .assignment(let name, let expression):
            variables[name] = try value(of: expression, dot)
            return ""
        case .value(let expression): return shown(try value(of: expression, dot))
        case .condition(let expression, let nodes, let otherwise):
            return try text(of: isTrue(try value(of: expression, dot)) ? nodes : otherwise, dot)
        case .with(let expression, let nodes, let otherwise):
            let value = try value(of: expression, dot)
            return isTrue(value) ? try text(of: nodes, value) : try text(of: otherwise, dot)
        case .range(let names, let expression, let nodes, let otherwise):
            let items = try items(of: try value(of: expression, dot))
            guard !items.isEmpty else { return try text(of: otherwise, dot) }
            var result = ""
            for item in items {
                if let name = names.last { variables[name] = item.value }
                if names.count > 1 { variables[names[0]] = item.key }
                result += try text(of: nodes, item.value)
            }
            return result
        }
    }

    private func items(of value: JSONValue) throws(EngineError) -> [(key: JSONValue, value: JSONValue)] {
        switch value {
        case .null: return []
        case .array(let values):
            return values.enumerated().map { (.integer(Int64($0.offset)), $0.element) }
        case .object(let members):
            return members.sorted { $0.name < $1.name }.map { (.string($0.name), $0.value) }
        default: throw templateError("range can't iterate over \(value.text)")
        }
    }

    private func value(of expression: Template.Expression, _ dot: JSONValue) throws(EngineError) -> JSONValue
    {
        switch expression {
        case .literal(let value): return value
        case .variable(let name):
            guard let value = variables[name] else { throw templateError("undefined variable \"$\(name)\"") }
            return value
        case .field(let path, let owner):
            let start = try owner.map { (owner) throws(EngineError) in try value(of: owner, dot) } ?? dot
            return try field(path, start)
        case .call(let name, let arguments):
            var values: [JSONValue] = []
            for argument in arguments { values.append(try value(of: argument, dot)) }
            return try call(name, values)
        }
    }

    private func field(_ path: [String], _ start: JSONValue) throws(EngineError) -> JSONValue {
        var value = start
        for name in path {
            guard case .object(let members) = value else {
                if value == .null { return .null }
                throw templateError("can't evaluate field \(name) in \(value.text)")
            }
            var found = members.first { $0.name == name }
            if found == nil, value == root { found = methods.first { $0.name == name } }
            if found == nil, value == root {
                let names = (members + methods).map(\.name).sorted().joined(separator: ", ")
                throw templateError("there is no field \"\(name)\" (there are: \(names))")
            }
            value = found?.value ?? .null
        }
        return value
    }

    private func call(_ name: String, _ values: [JSONValue]) throws(EngineError) -> JSONValue {
        switch (name, values.count) {
        case ("json", 1): return .string(values[0].text)
        case ("len", 1): return .integer(Int64(try items(of: values[0], orText: true)))
        case ("upper", 1): return .string(shown(values[0]).uppercased())
        case ("lower", 1): return .string(shown(values[0]).lowercased())
        case ("title", 1):
            let text = shown(values[0])
            return .string(text.prefix(1).uppercased() + text.dropFirst())
        case ("join", 2):
            guard case .array(let parts) = values[0] else { return .string(shown(values[0])) }
            return .string(parts.map(shown).joined(separator: shown(values[1])))
        case ("println", _): return .string(values.map(shown).joined(separator: " ") + "\n")
        case ("print", _): return .string(values.map(shown).joined())
        case ("eq", 2...): return .boolean(values.dropFirst().contains { shown($0) == shown(values[0]) })
        case ("ne", 2): return .boolean(shown(values[0]) != shown(values[1]))
        case ("not", 1): return .boolean(!isTrue(values[0]))
        case ("and", 1...): return values.first { !isTrue($0) } ?? values[values.count - 1]
        case ("or", 1...): return values.first(where: isTrue) ?? values[values.count - 1]
        case ("index", 1...):
            var value = values[0]
            for key in values.dropFirst() { value = try element(value, key) }
            return value
        default:
            if let result = try textFunction(name, values) { return result }
            throw templateError("wrong number of arguments for \(name): \(values.count)")
        }
    }

    private func items(of value: JSONValue, orText: Bool) throws(EngineError) -> Int {
        if case .string(let text) = value { return text.utf8.count }
        return try items(of: value).count
    }

    private func element(_ value: JSONValue, _ key: JSONValue) throws(EngineError) -> JSONValue {
        switch (value, key) {
        case (.object(let members), .string(let name)):
            return members.first { $0.name == name }?.value ?? nothing(in: members)
        case (.array(let values), .integer(let index)):
            guard let place = Int(exactly: index), values.indices.contains(place) else {
                throw templateError("index out of range: \(index)")
            }
            return values[place]
        case (.null, _): return .null
        default: throw templateError("can't index \(value.text) with \(key.text)")
        }
    }
}

/// What Go has for a key a map does not have: in one of texts, as labels are, the empty text.
private func nothing(in members: [JSONValue.Member]) -> JSONValue {
    let areTexts = members.allSatisfy { if case .string = $0.value { true } else { false } }
    return areTexts ? .string("") : .null
}

/// Go's idea of what is not empty.
private func isTrue(_ value: JSONValue) -> Bool {
    switch value {
    case .null: false
    case .boolean(let flag): flag
    case .string(let text): !text.isEmpty
    case .array(let values): !values.isEmpty
    case .object(let members): !members.isEmpty
    case .integer(let number): number != 0
    case .unsigned, .real, .verbatim: true
    }
}

/// A value as Go prints it.
func shown(_ value: JSONValue) -> String {
    switch value {
    case .null: "<no value>"
    case .string(let text): text
    case .array(let values): "[" + values.map(shown).joined(separator: " ") + "]"
    case .object(let members):
        "map["
            + members.sorted { $0.name < $1.name }.map { "\($0.name):\(shown($0.value))" }
            .joined(separator: " ") + "]"
    default: value.text
    }
}
