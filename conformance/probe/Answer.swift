import JSON
import Kernel

/// Answers one request: a verb and its words, with a space between them.
func answer(_ request: String) throws(SystemError) -> JSONValue {
    let words = request.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false).map(String.init)
    let verb = words.first ?? ""
    let rest = Array(words.dropFirst())
    if let look = sights[verb] { return try look(rest) }
    if let act = deeds[verb] { return try act(rest) }
    throw SystemError(call: verb, subject: "unknown request", errno: .noSuchCall)
}

/// How a request is answered.
typealias Answerer = @Sendable ([String]) throws(SystemError) -> JSONValue

extension [String] {
    /// The word at `index`; empty when there is none.
    func word(_ index: Int) -> String { index < count ? self[index] : "" }

    /// The number at `index`; 0 when there is none.
    func number(_ index: Int) -> Int64 {
        let text = word(index)
        return (text.hasPrefix("0o") ? Int64(text.dropFirst(2), radix: 8) : Int64(text)) ?? 0
    }
}

/// A list of strings.
func list(_ strings: [String]) -> JSONValue { .array(strings.map(JSONValue.string)) }
