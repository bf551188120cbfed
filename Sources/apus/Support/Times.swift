import Engine

/// A moment as `--since` takes one: RFC 3339, seconds since 1970, or how long ago (`10m`, `1h30m`).
func moment(_ text: String) throws(EngineError) -> Moment {
    if let moment = Moment(text) { return moment }
    if let number = Double(text), number >= 0, number < 1e11 {
        let whole = number.rounded(.down)
        return Moment(seconds: Int64(whole), nanoseconds: Int64((number - whole) * 1_000_000_000))
    }
    return Moment(ago: try nanoseconds(text, "--since and --until"))
}
