internal import JSON

/// `value` as Go's `encoding/json` writes a map: names sorted by their bytes, the last of several equal ones, and the
/// characters of HTML escaped. What libcni writes into its cache has this form.
func goText(_ value: JSONValue) -> String { htmlSafe(sorted(value).text) }

/// `value` with the members of every object sorted.
func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let values): return .array(values.map(sorted))
    case .object(let members):
        var last: [String: JSONValue] = [:]
        for member in members { last[member.name] = member.value }
        let names = last.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return .object(names.map { JSONValue.Member($0, sorted(last[$0] ?? .null)) })
    default: return value
    }
}

/// JSON text with the characters escaped which mean something in HTML or end a line in JavaScript. They stand in strings only.
func htmlSafe(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.contains(where: isEscaped) else { return text }
    var safe = String.UnicodeScalarView()
    for scalar in scalars {
        guard isEscaped(scalar) else {
            safe.append(scalar)
            continue
        }
        let digits = String(scalar.value, radix: 16)
        safe.append(
            contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
    }
    return String(safe)
}

private func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x26, 0x3C, 0x3E, 0x2028, 0x2029: true
    default: false
    }
}
