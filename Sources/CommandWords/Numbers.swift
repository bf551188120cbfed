/// A whole number from 0 in decimal digits only: no sign, no space, and nothing behind it.
package func natural<Number: FixedWidthInteger>(_ text: String) -> Number? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Number(text)
}

/// A span of time as Go writes it: numbers with units, for example `5s`, `1m30s`, `1.5h`. In milliseconds.
package func milliseconds(_ text: String) -> Int64? {
    if text == "0" { return 0 }
    var rest = text[...]
    var total = 0.0
    if rest.isEmpty { return nil }
    while !rest.isEmpty {
        let digits = rest.prefix { ($0 >= "0" && $0 <= "9") || $0 == "." }
        rest = rest.dropFirst(digits.count)
        let unit = rest.prefix { !(($0 >= "0" && $0 <= "9") || $0 == ".") }
        rest = rest.dropFirst(unit.count)
        guard let number = Double(String(digits)), let length = unitMilliseconds(unit) else { return nil }
        total += number * length
    }
    return total < 1e15 ? Int64(total.rounded(.up)) : nil
}

private func unitMilliseconds(_ unit: Substring) -> Double? {
    switch unit {
    case "ns": 1e-6
    case "us", "µs", "μs": 1e-3
    case "ms": 1
    case "s": 1000
    case "m": 60_000
    case "h": 3_600_000
    default: nil
    }
}
