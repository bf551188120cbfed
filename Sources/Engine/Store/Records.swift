package import JSON
internal import Kernel

/// The JSON document in the file `path`; `nil` when there is none.
package func readRecord(_ path: String) throws(EngineError) -> JSONValue? {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try readFile(path) } catch {
        if error.errno == .noEntity || error.errno == .notDirectory { return nil }
        throw EngineError("cannot read \(path): \(error)")
    }
    return try EngineError.reading(path) { () throws(JSONError) in try JSONValue(parsing: bytes) }
}

/// Puts a JSON document into the file `path` in one step.
///
/// `isDurable`: whether it has to be there after a crash of the machine, too.
package func writeRecord(
    _ path: String, _ value: JSONValue, isDurable: Bool = true
) throws(EngineError) {
    try EngineError.step("write \(path)") { () throws(SystemError) in
        try replaceFile(path, Array((value.text + "\n").utf8), mode: 0o600, isDurable: isDurable)
    }
}
