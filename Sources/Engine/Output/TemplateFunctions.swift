internal import JSON

// Functions about texts and numbers, as Go and Docker have them.
extension TemplateEvaluation {
    /// `nil` when the function does not take so many values.
    func textFunction(_ name: String, _ values: [JSONValue]) throws(EngineError) -> JSONValue? {
        switch (name, values.count) {
        case ("lt", 2): return .boolean(try isLess(values[0], values[1]))
        case ("le", 2): return .boolean(try !isLess(values[1], values[0]))
        case ("gt", 2): return .boolean(try isLess(values[1], values[0]))
        case ("ge", 2): return .boolean(try !isLess(values[0], values[1]))
        case ("printf", 1...): return .string(try formatted(shown(values[0]), Array(values.dropFirst())))
        case ("slice", 1...3): return try slice(values[0], values.dropFirst().map(number))
        case ("split", 2):
            let parts = shown(values[0]).split(
                separator: shown(values[1]), omittingEmptySubsequences: false)
            return .array(parts.map { .string(String($0)) })
        case ("truncate", 2): return .string(String(shown(values[0]).prefix(max(0, number(values[1])))))
        case ("pad", 3):
            let blanks = values.dropFirst().map { String(repeating: " ", count: max(0, number($0))) }
            let text = shown(values[0])
            return .string(text.isEmpty ? "" : blanks[0] + text + blanks[1])
        default: return nil
        }
    }

    private func number(_ value: JSONValue) -> Int {
        if case .integer(let number) = value { return Int(clamping: number) }
        return 0
    }

    private func isLess(_ first: JSONValue, _ second: JSONValue) throws(EngineError) -> Bool {
        switch (first, second) {
        case (.integer(let first), .integer(let second)): return first < second
        case (.string(let first), .string(let second)): return first < second
        default: throw templateError("\(first.text) and \(second.text) cannot be compared")
        }
    }

    private func slice(_ value: JSONValue, _ ends: [Int]) throws(EngineError) -> JSONValue {
        let count: Int
        switch value {
        case .array(let values): count = values.count
        default: count = shown(value).utf8.count
        }
        let (first, last) = (ends.first ?? 0, ends.count > 1 ? ends[1] : count)
        guard 0 <= first, first <= last, last <= count else {
            throw templateError("slice \(first) to \(last) of \(count)")
        }
        if case .array(let values) = value { return .array(Array(values[first..<last])) }
        return .string(String(decoding: Array(shown(value).utf8)[first..<last], as: UTF8.self))
    }

    /// `%s %v %d %t %q %x %%`, with a width, `-`, `0` and a precision.
    private func formatted(_ format: String, _ values: [JSONValue]) throws(EngineError) -> String {
        var (text, rest, left) = ("", format[...], values[...])
        while let character = rest.popFirst() {
            guard character == "%" else {
                text.append(character)
                continue
            }
            let flags = rest.prefix { "-+# 0".contains($0) }
            rest = rest.dropFirst(flags.count)
            let sizes = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(sizes.count)
            guard let verb = rest.popFirst() else { return text + "%!(NOVERB)" }
            if verb == "%" {
                text.append("%")
                continue
            }
            guard let value = left.popFirst() else {
                text += "%!\(verb)(MISSING)"
                continue
            }
            text += padded(try written(value, as: verb, precision(sizes)), to: width(sizes), flags)
        }
        return text
    }

    private func written(
        _ value: JSONValue, as verb: Character, _ precision: Int?
    ) throws(EngineError) -> String {
        var text = shown(value)
        if let precision, "sqv".contains(verb) { text = String(text.prefix(precision)) }
        switch verb {
        case "s", "v", "d", "t": return text
        case "q": return JSONValue.string(text).text
        case "x":
            if case .integer(let number) = value { return String(number, radix: 16) }
            return text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        default: throw templateError("printf does not know %\(verb) (there are: %s %v %d %t %q %x)")
        }
    }

    private func width(_ sizes: Substring) -> Int { Int(sizes.prefix { $0 != "." }) ?? 0 }

    private func precision(_ sizes: Substring) -> Int? {
        sizes.firstIndex(of: ".").map { Int(sizes[sizes.index(after: $0)...]) ?? 0 }
    }

    private func padded(_ text: String, to width: Int, _ flags: Substring) -> String {
        // A width nobody means would take all memory.
        let blanks = String(
            repeating: flags.contains("0") && !flags.contains("-") ? "0" : " ",
            count: max(0, min(width, 4096) - text.count))
        return flags.contains("-") ? text + blanks : blanks + text
    }
}
