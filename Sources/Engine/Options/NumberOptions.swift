internal import Kernel

/// A number of bytes as people type it: `512m`, `1.5g`, `64kb`, `1073741824`.
///
/// Units count in 1024. `option` is what an error calls the flag.
package func byteCount(_ text: String, _ option: String) throws(EngineError) -> Int64 {
    let wrong = EngineError("invalid size for \(option): '\(text)'", .invalid)
    var lower = text.lowercased().filter { $0 != " " }
    if lower.hasSuffix("ib") { lower.removeLast(2) } else if lower.hasSuffix("b") { lower.removeLast() }
    var factor: Int64 = 1
    if let unit = lower.last, let power = ["k": 1, "m": 2, "g": 3, "t": 4, "p": 5][unit] {
        lower.removeLast()
        for _ in 0..<power { factor *= 1024 }
    }
    guard let (digits, scale) = decimal(lower) else { throw wrong }
    let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw wrong }
    return product / scale
}

/// A number of processors as billionths: `1.5`, `0.25`.
package func processorBillionths(_ text: String) throws(EngineError) -> Int64 {
    guard let (digits, scale) = decimal(text), digits > 0, scale <= 1_000_000_000 else {
        throw EngineError("invalid value for --cpus: '\(text)'", .invalid)
    }
    let (product, overflow) = digits.multipliedReportingOverflow(by: 1_000_000_000 / scale)
    guard !overflow else { throw EngineError("invalid value for --cpus: '\(text)'", .invalid) }
    return product
}

/// The same, but not more than this machine has.
package func machineProcessors(_ text: String) throws(EngineError) -> Int64 {
    let billionths = try processorBillionths(text)
    let count = onlineProcessors()
    guard (10_000_000...count * 1_000_000_000).contains(billionths) else {
        throw EngineError(
            "range of CPUs is from 0.01 to \(count).00, as there are only \(count) CPUs available", .invalid)
    }
    return billionths
}

/// How many processors `/sys/devices/system/cpu/online` lists, for example `0-3,6`; one where it cannot be read.
private func onlineProcessors() -> Int64 {
    let text = (try? readText("/sys/devices/system/cpu/online")) ?? "0"
    return max(
        1,
        text.split(separator: ",").reduce(0) { sum, part in
            let ends = part.split(separator: "-").compactMap { Int64($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return sum }
            return sum + last - first + 1
        })
}

/// A decimal number as a whole one and the power of ten it is to be divided by.
private func decimal(_ text: String) -> (digits: Int64, scale: Int64)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts[0].utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
    }
    var scale: Int64 = 1
    let fraction = parts.count > 1 ? parts[1].prefix(9) : ""
    guard fraction.utf8.allSatisfy({ (48...57).contains($0) }), !(parts[0].isEmpty && fraction.isEmpty) else {
        return nil
    }
    for _ in fraction.utf8 { scale *= 10 }
    guard let digits = Int64(parts[0] + fraction) else { return nil }
    return (digits, scale)
}

/// A span of time as Go writes it, in nanoseconds: `30s`, `1m30s`, `500ms`.
package func nanoseconds(_ text: String, _ option: String) throws(EngineError) -> Int64 {
    let wrong = EngineError("invalid duration for \(option): '\(text)' (for example 30s or 1m30s)", .invalid)
    let units: [(String, Int64)] = [
        ("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ]
    var (rest, total) = (text[...], Int64(0))
    guard !rest.isEmpty else { throw wrong }
    if rest == "0" { return 0 }
    while !rest.isEmpty {
        let number = rest.prefix { $0.isNumber || $0 == "." }
        rest = rest.dropFirst(number.count)
        let name = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(name.count)
        guard let unit = units.first(where: { $0.0 == name }), let (digits, scale) = decimal(String(number))
        else {
            throw wrong
        }
        let (product, overflow) = digits.multipliedReportingOverflow(by: unit.1)
        let (sum, overflowOfSum) = total.addingReportingOverflow(product / scale)
        guard !overflow, !overflowOfSum else { throw wrong }
        total = sum
    }
    return total
}
