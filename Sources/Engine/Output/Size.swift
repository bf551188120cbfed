/// A number of bytes with a unit of 1000, as `images` shows it: `77.1MB`, `1.24GB`, `0B`.
///
/// `digits`: how many of them count; 3 in lists of images and containers, 4 elsewhere.
package func decimalSize(_ bytes: Int64, digits: Int = 3) -> String {
    size(bytes, base: 1000, ["B", "kB", "MB", "GB", "TB", "PB", "EB"], digits)
}

/// A number of bytes with a unit of 1024, as `stats` shows it: `7.25MiB`.
package func binarySize(_ bytes: Int64, digits: Int = 4) -> String {
    size(bytes, base: 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"], digits)
}

private func size(_ bytes: Int64, base: Int64, _ units: [String], _ digits: Int) -> String {
    var (unit, divisor) = (0, Int64(1))
    while unit < units.count - 1, bytes / divisor >= base {
        unit += 1
        divisor *= base
    }
    let text = significant(Double(bytes) / Double(divisor), digits)
    // Rounded up to a whole one of the next unit: 999.9 kB are a megabyte.
    if text == "\(base)", unit < units.count - 1 { return "1" + units[unit + 1] }
    return text + units[unit]
}

/// `value` with at most `digits` digits that count, and no zeros behind them.
private func significant(_ value: Double, _ digits: Int) -> String {
    var decimals = digits - 1
    var limit = 10.0
    while value >= limit, decimals > 0 {
        decimals -= 1
        limit *= 10
    }
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int64((value * Double(scale)).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: scale)
    guard rest > 0 else { return "\(whole)" }
    var fraction = String("\(scale + rest)".dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(whole).\(fraction)"
}

extension Int64 {
    /// Adds the size of files, which a container makes as large as it likes: what no number holds is the largest there is.
    mutating func grow(by size: Int64) {
        let (sum, isTooLarge) = addingReportingOverflow(size)
        self = isTooLarge ? .max : sum
    }
}
