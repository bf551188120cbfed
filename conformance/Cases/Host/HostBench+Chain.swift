import JSON
import Suite

/// The plugins in the order of the chain.
let three = HostBench.chain

/// `verb` of each of `types`, as lists of calls show it.
func words(_ verb: String, _ types: [String]) -> [String] { types.map { "\(verb) \($0)" } }

extension HostBench {
    /// The list and the plugins' answers in `version`.
    func prepare(_ version: String, list: String = "", plugins: [String] = []) throws(Stop) {
        try write(version: version, list: list, plugins: plugins)
        for (number, type) in Self.chain.enumerated() {
            try self.plugins.answer(type, "ADD", Self.result(number, version))
        }
    }

    /// The prevResult of `call` is what plugin number `index` answered; members that are empty may be left out.
    func expectResult(_ index: Int, _ version: String, _ call: Recording) throws(Stop) {
        let wanted = JSONValue.literal(Self.result(index, version))
        let seen = call.previous ?? .null
        for name in ["cniVersion", "interfaces", "ips", "routes"] {
            try require(
                seen.member(name)?.sorted == wanted.member(name)?.sorted,
                "prevResult with \(name) \(wanted.member(name)?.text ?? "")",
                seen: "\(call.word): \(seen.text)")
        }
    }
}
