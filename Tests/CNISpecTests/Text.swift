import CNISpec
import JSON

/// The reader of a text, as plugins and hosts make one.
func reader(_ text: String) throws -> JSONReader {
    JSONReader(try JSONValue(parsing: Array(text.utf8), as: .forgiving), as: .forgiving)
}

/// The result of a text without a version of its own, or with one.
func result(_ text: String, _ version: CNIVersion = .v1_1_0) throws -> CNIResult {
    try CNIResult(reader(text), version: version)
}

/// What `body` fails with, as `code message; details` or as the text of the JSON error.
func failure(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch let error as CNIError {
        return "\(error.code.rawValue) \(error)"
    } catch {
        return "\(error)"
    }
}
