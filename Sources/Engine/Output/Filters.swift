/// What `--filter KEY=VALUE` asks for. Values of one key are alternatives; different keys have to hold together.
package struct Filters: Hashable, Sendable {
    private var pairs: [Pair] = []

    private struct Pair: Hashable, Sendable {
        let key: String
        let value: String
    }

    /// Reads the words of the command line; `allowed` are the keys this command knows.
    package init(_ words: [String], allowed: [String]) throws(EngineError) {
        for word in words {
            guard let mark = word.firstIndex(of: "=") else {
                throw EngineError("invalid filter '\(word)': a filter is KEY=VALUE", .invalid)
            }
            let key = word[..<mark].filter { $0 != " " }.lowercased()
            guard allowed.contains(key) else {
                throw EngineError(
                    "invalid filter '\(key)' (there are: \(allowed.joined(separator: ", ")))", .invalid)
            }
            pairs.append(Pair(key: key, value: String(word[word.index(after: mark)...])))
        }
    }

    package var isEmpty: Bool { pairs.isEmpty }

    /// The values of `key`; empty when it is not asked for.
    package func values(of key: String) -> [String] { pairs.filter { $0.key == key }.map(\.value) }

    /// Whether one of the values of `key` is accepted, or there is none.
    package func admit(_ key: String, _ accepts: (String) -> Bool) -> Bool {
        let wanted = values(of: key)
        return wanted.isEmpty || wanted.contains(where: accepts)
    }

    /// Whether `labels` have every label asked for: `KEY`, or `KEY=VALUE`.
    package func admitLabels(_ labels: [String: String]) -> Bool {
        values(of: "label").allSatisfy { hasLabel($0, labels) }
    }

    /// `true`, `1`, `false`, `0` as the value of `key`; `nil` when it is not asked for.
    package func flag(_ key: String) throws(EngineError) -> Bool? {
        guard let text = values(of: key).last else { return nil }
        switch text.lowercased() {
        case "1", "t", "true": return true
        case "0", "f", "false": return false
        default:
            throw EngineError("invalid filter '\(key)=\(text)': it is true or false", .invalid)
        }
    }
}

/// Whether `labels` have `wanted`, which is `KEY` or `KEY=VALUE`.
package func hasLabel(_ wanted: String, _ labels: [String: String]) -> Bool {
    guard let mark = wanted.firstIndex(of: "=") else { return labels[wanted] != nil }
    return labels[String(wanted[..<mark])] == String(wanted[wanted.index(after: mark)...])
}
