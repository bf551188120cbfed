import JSON
import OCISpec

/// `config.json` and `state.json`: what is decoded comes back equal, and validation answers.
func testOCI(_ input: [UInt8]) {
    for dialect in [JSONDialect.strict, .forgiving] {
        guard let value = try? JSONValue(parsing: input, as: dialect) else { continue }
        let reader = JSONReader(value, as: dialect)
        if let configuration = try? Configuration(decoding: reader) {
            requireSame(configuration, dialect)
            do { try configuration.validate() } catch {
                require(!error.path.isEmpty, "\(error) has no place")
            }
        }
        if let state = try? State(decoding: reader) {
            let back = try? State(decoding: JSONReader(state.json, as: dialect))
            require(back == state, "the state comes back differently: \(state.json.text)")
        }
    }
}

private func requireSame(_ configuration: Configuration, _ dialect: JSONDialect) {
    let text = configuration.json.text
    guard let value = try? JSONValue(parsing: Array(text.utf8), as: dialect),
        let back = try? Configuration(decoding: JSONReader(value, as: dialect))
    else { fatalError("what is encoded cannot be decoded: \(text)") }
    require(back == configuration, "comes back differently: \(text)")
}
