import JSON
import OCISpec

extension JSONValue {
    /// The value with what stands at `path` replaced, added, or taken away (`nil`).
    func setting(_ path: String, to new: JSONValue?) -> JSONValue {
        setting(Self.steps(path)[...], to: new) ?? .null
    }

    private func setting(_ steps: ArraySlice<String>, to new: JSONValue?) -> JSONValue? {
        guard let step = steps.first else { return new }
        let rest = steps.dropFirst()
        if case .array(var items) = self, let index = Int(step) {
            let item = (index < items.count ? items[index] : .object([])).setting(rest, to: new)
            if index < items.count { items.remove(at: index) }
            if let item { items.insert(item, at: min(index, items.count)) }
            return .array(items)
        }
        guard case .object(var members) = self else { return JSONValue.object([]).setting(steps, to: new) }
        let index = members.firstIndex { $0.name == step }
        let value = (index.map { members[$0].value } ?? .object([])).setting(rest, to: new)
        if let index { members.remove(at: index) }
        if let value { members.insert(.init(step, value), at: index ?? members.count) }
        return .object(members)
    }

    /// `a.b[2]["c.d"]` as `a`, `b`, `2`, `c.d`.
    private static func steps(_ path: String) -> [String] {
        var steps: [String] = []
        var rest = path[...]
        while let first = rest.first {
            if rest.hasPrefix("[\""), let end = rest.firstRange(of: "\"]") {
                steps.append(String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end.lowerBound]))
                rest = rest[end.upperBound...]
            } else if first == "." || first == "[" || first == "]" {
                rest.removeFirst()
            } else {
                let step = rest.prefix { !".[]".contains($0) }
                steps.append(String(step))
                rest = rest[step.endIndex...]
            }
        }
        return steps
    }
}

/// What `create` does with a document before it acts on it.
func check(_ value: JSONValue) throws(JSONError) {
    try Configuration(decoding: JSONReader(value)).validate()
}

/// The complaint about a document; empty when it is good.
func complaint(about value: JSONValue) -> String {
    do throws(JSONError) {
        try check(value)
        return ""
    } catch {
        return "\(error)"
    }
}
