import Foundation
import JSON

@testable import OCISpec

/// The configuration a text holds.
func configuration(_ text: String) throws(JSONError) -> Configuration {
    try Configuration(decoding: JSONReader(JSONValue(parsing: Array(text.utf8))))
}

/// The bytes of a document of Tests/OCISpecTests/Documents.
func document(_ name: String) throws -> [UInt8] {
    let directory = URL(filePath: #filePath).deletingLastPathComponent()
    return Array(try Data(contentsOf: directory.appending(path: "Documents/\(name)")))
}
