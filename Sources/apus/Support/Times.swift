import Engine
import Kernel

/// A moment as `--since` takes one: RFC 3339, seconds since 1970, or how long ago (`10m`, `1h30m`).
func moment(_ text: String) throws(EngineError) -> Moment {
    if let moment = Moment(text) { return moment }
    if let number = Double(text), number >= 0, number < 1e11 {
        let whole = number.rounded(.down)
        return Moment(seconds: Int64(whole), nanoseconds: Int64((number - whole) * 1_000_000_000))
    }
    let ago = try nanoseconds(text, "--since and --until")
    let time = realtimeNanoseconds() - ago
    return Moment(seconds: time / 1_000_000_000, nanoseconds: time % 1_000_000_000)
}

extension Moment {
    /// Nanoseconds since 1970.
    var total: Int64 { seconds * 1_000_000_000 + nanoseconds }
}
