/// The pairs of `CNI_ARGS`, for example `IgnoreUnknown=1;MAC=02:42:0a:00:00:02`.
///
/// An old way of giving parameters, kept because every Kubernetes host fills it. CNI conventions, "CNI_ARGS".
public struct CNIArguments: Hashable, Sendable {
    /// In the order of the text; of several with one name the last counts.
    public let pairs: [Pair]
    /// Whether the caller said `IgnoreUnknown=1`.
    public let ignoresUnknown: Bool

    /// A name and its value.
    public struct Pair: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    /// Takes `text` apart; the empty text has no pairs.
    public init(_ text: String) throws(CNIError) {
        var pairs: [Pair] = []
        var ignoresUnknown = false
        if !text.isEmpty {
            for word in text.split(separator: ";", omittingEmptySubsequences: false) {
                guard let mark = word.firstIndex(of: "=") else {
                    throw CNIError(.internalFailure, "ARGS: invalid pair \"\(word)\"")
                }
                let pair = Pair(name: String(word[..<mark]), value: String(word[word.index(after: mark)...]))
                if pair.name == Self.ignoreUnknown {
                    ignoresUnknown = try Self.flag(pair.value)
                } else {
                    pairs.append(pair)
                }
            }
        }
        self.pairs = pairs
        self.ignoresUnknown = ignoresUnknown
    }

    /// The values of the pairs called one of `names`, whose case counts.
    ///
    /// - Throws: ``CNIError`` when there are others, unless the caller said `IgnoreUnknown=1`.
    public func values(of names: [String]) throws(CNIError) -> [String: String] {
        let unknown = pairs.filter { !names.contains($0.name) }
        guard unknown.isEmpty || ignoresUnknown else {
            let list = unknown.map { "\"\($0.name)=\($0.value)\"" }.joined(separator: " ")
            throw CNIError(
                .internalFailure, "ARGS: unknown args [\(list)]",
                details: "known: \(names.joined(separator: ", ")); IgnoreUnknown=1 lets others pass")
        }
        var values: [String: String] = [:]
        for pair in pairs where names.contains(pair.name) { values[pair.name] = pair.value }
        return values
    }

    private static let ignoreUnknown = "IgnoreUnknown"

    private static func flag(_ value: String) throws(CNIError) -> Bool {
        switch value.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default:
            throw CNIError(
                .internalFailure, "ARGS: \(ignoreUnknown) is '\(value)' (allowed: 1, true, 0, false)")
        }
    }
}
