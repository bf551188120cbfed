import CommandWords

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
