/// A whole number from 0 in decimal digits only: no sign, no space, and nothing behind it.
func natural<Number: FixedWidthInteger>(_ text: String) -> Number? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Number(text)
}

/// A size in bytes: `512`, `64k`, `1.5g`, `32MiB`, `32 MB`; the units count in 1024. As go-units' `RAMInBytes`.
func byteSize(_ text: String) -> Int64? {
    let digits = text.prefix { ($0 >= "0" && $0 <= "9") || $0 == "." }
    let suffix = text.dropFirst(digits.count)
    let unit = (suffix.first == " " ? suffix.dropFirst() : suffix).lowercased()
    guard let shift = unitShift(unit) else { return nil }
    guard digits.contains(".") else {
        guard let count: Int64 = natural(String(digits)), count <= Int64.max >> shift else { return nil }
        return count << shift
    }
    guard let number = Double(String(digits)) else { return nil }
    let bytes = number * Double(Int64(1) << shift)
    return bytes < Double(Int64.max) ? Int64(bytes) : nil
}

private func unitShift(_ unit: String) -> Int64? {
    switch unit {
    case "", "b": 0
    case "k", "kb", "kib": 10
    case "m", "mb", "mib": 20
    case "g", "gb", "gib": 30
    case "t", "tb", "tib": 40
    case "p", "pb", "pib": 50
    default: nil
    }
}

/// A size in bytes, or -1 for no limit.
func byteLimit(_ text: String) -> Int64? { text == "-1" ? -1 : byteSize(text) }

/// A span of time as Go writes it: numbers with units, for example `5s`, `1m30s`, `1.5h`. In milliseconds.
func milliseconds(_ text: String) -> Int64? {
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
