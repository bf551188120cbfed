/// A span of time in words, as Docker says it: `3 minutes`, `About an hour`, `2 weeks`.
package func durationInWords(seconds: Int64) -> String {
    let minutes = seconds / 60
    let hours = (seconds + 1800) / 3600
    let day: Int64 = 24
    switch true {
    case seconds < 1: return "Less than a second"
    case seconds == 1: return "1 second"
    case seconds < 60: return "\(seconds) seconds"
    case minutes == 1: return "About a minute"
    case minutes < 60: return "\(minutes) minutes"
    case hours == 1: return "About an hour"
    case hours < 2 * day: return "\(hours) hours"
    case hours < 14 * day: return "\(hours / day) days"
    case hours < 60 * day: return "\(hours / (7 * day)) weeks"
    case hours < 730 * day: return "\(hours / (30 * day)) months"
    default: return "\(seconds / 3600 / (365 * day)) years"
    }
}

/// How long ago a moment was, as the column CREATED has it: `5 minutes ago`.
///
/// `moment` and `now`: RFC 3339; `N/A` when the moment is none.
package func age(of moment: String, now: String) -> String {
    guard let (from, until) = seconds(moment, now) else { return "N/A" }
    return durationInWords(seconds: until - from) + " ago"
}

private func seconds(_ moment: String, _ now: String) -> (Int64, Int64)? {
    guard let from = Moment(moment), let until = Moment(now) else { return nil }
    return (from.seconds, until.seconds)
}
