internal import Kernel

/// A point in time, read from the text RFC 3339 writes.
package struct Moment: Hashable, Sendable, Comparable {
    /// Whole seconds since 1970-01-01, UTC.
    package let seconds: Int64
    package let nanoseconds: Int64

    package init(seconds: Int64, nanoseconds: Int64 = 0) {
        (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
    }

    /// Reads `2026-01-31T12:00:00Z`, with a fraction of a second and an offset where there is one; `nil` for anything else.
    package init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = takeNumber(&rest, 4), take("-", &rest), let month = takeNumber(&rest, 2),
            take("-", &rest), let day = takeNumber(&rest, 2), take("T", &rest) || take(" ", &rest),
            let hour = takeNumber(&rest, 2), take(":", &rest), let minute = takeNumber(&rest, 2),
            take(":", &rest), let second = takeNumber(&rest, 2),
            1...12 ~= month, 1...31 ~= day, hour < 24, minute < 60, second < 61,
            let fraction = takeFraction(&rest), let offset = takeOffset(&rest), rest.isEmpty
        else { return nil }
        seconds = dayNumber(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        nanoseconds = fraction
    }

    /// So many nanoseconds before now.
    package init(ago nanoseconds: Int64) {
        let time = realtimeNanoseconds() - nanoseconds
        self.init(seconds: time / 1_000_000_000, nanoseconds: time % 1_000_000_000)
    }

    /// Nanoseconds since 1970; what is too far away for them is as far as they reach, some 292 years.
    package var total: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = product.addingReportingOverflow(nanoseconds)
        return overflow || overflowOfSum ? (seconds < 0 ? .min : .max) : sum
    }

    package static func < (one: Moment, other: Moment) -> Bool {
        (one.seconds, one.nanoseconds) < (other.seconds, other.nanoseconds)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, whose years begin in March here: the leap day is the last.
private func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
}

private func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
}

private func takeNumber(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int64? {
    guard rest.count >= digits else { return nil }
    let text = rest.prefix(digits)
    guard text.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
    rest = rest.dropFirst(digits)
    return text.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
}

/// A fraction of a second in nanoseconds; digits behind the ninth say nothing here.
private func takeFraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    guard take(".", &rest) else { return 0 }
    var (value, digits): (Int64, Int) = (0, 0)
    while let digit = takeNumber(&rest, 1) {
        if digits < 9 { value = value * 10 + digit }
        digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in min(digits, 9)..<9 { value *= 10 }
    return value
}

/// Seconds east of UTC.
private func takeOffset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    if take("Z", &rest) { return 0 }
    let isWest = take("-", &rest)
    guard isWest || take("+", &rest), let hour = takeNumber(&rest, 2), take(":", &rest),
        let minute = takeNumber(&rest, 2), hour < 24, minute < 60
    else { return nil }
    return (hour * 3600 + minute * 60) * (isWest ? -1 : 1)
}
