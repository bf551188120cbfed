import JSON

/// The value of a text.
func parse(_ text: String) throws(JSONError) -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

/// What is said about a text that is not JSON; `nil` when it is.
func complaint(about bytes: [UInt8]) -> String? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: bytes)
        return nil
    } catch {
        return "\(error)"
    }
}
