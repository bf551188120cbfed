internal import CKernel
internal import Glibc

/// The present moment as RFC 3339 writes it, in UTC with nanoseconds.
public func currentTimestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
}

/// A moment as RFC 3339 writes it, in UTC with nanoseconds; `moment` counts them since 1970-01-01.
package func timestamp(nanoseconds moment: Int64) -> String {
    let (seconds, nanoseconds) = moment.flooredSeconds
    return timestamp(seconds: seconds, nanoseconds: nanoseconds)
}

/// A moment since 1970-01-01 as RFC 3339 writes it, in UTC with nanoseconds.
///
/// Without gmtime(3), which reads the host's time zone before it says what UTC is.
package func timestamp(seconds: Int64, nanoseconds: Int64) -> String {
    let date = civilDate(ofDay: seconds / 86400)
    let clock = seconds % 86400
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
        + padded(clock / 3600, 2) + ":" + padded(clock / 60 % 60, 2) + ":" + padded(clock % 60, 2) + "."
        + padded(nanoseconds, 9) + "Z"
}

/// The date of the Gregorian calendar `day` days after 1970-01-01.
private func civilDate(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    // Eras of 400 years, each beginning on the first of March: the leap day is the last one.
    let shifted = day + 719_468
    let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (
        era * 400 + year + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    )
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
