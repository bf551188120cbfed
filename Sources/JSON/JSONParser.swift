extension JSONValue {
    /// Reads one JSON text. RFC 8259, and nothing beyond it.
    ///
    /// What the RFC leaves open is refused: duplicate names, lone surrogates, NUL (`\u0000`: no value of
    /// ours can hold it), a byte order mark, numbers beyond Double, more than 512 levels. The forgiving
    /// dialect keeps duplicate names, for the reader to choose from, and every number.
    ///
    /// - Throws: ``JSONError`` with the problem ``JSONError/Problem/malformed(line:column:reason:)``.
    public init(parsing bytes: [UInt8], as dialect: JSONDialect = .strict) throws(JSONError) {
        self = try bytes.span.withUnsafeBufferPointer { text throws(JSONError) in
            var parser = JSONParser(text, dialect)
            do throws(JSONParser.Failure) {
                return try parser.document()
            } catch {
                throw error.located(in: text)
            }
        }
    }
}

/// A recursive descent over the bytes of a text.
///
/// Every function starts at the first byte of its value and stops behind the last one.
struct JSONParser {
    /// Arrays and objects may stand this deep in one another; keeps the stack bounded.
    static let maximumDepth = 512

    let bytes: UnsafeBufferPointer<UInt8>
    let dialect: JSONDialect
    var index = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ dialect: JSONDialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The value which is the whole text.
    mutating func document() throws(Failure) -> JSONValue {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw failure("expected the end of the text") }
        return value
    }

    private mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        guard index < bytes.count else { throw failure("expected a value, found the end of the text") }
        switch bytes[index] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try nested { parser throws(Failure) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(Failure) in try parser.array() }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("expected a value")
        }
    }

    @inline(__always)
    private mutating func nested(
        _ body: (inout JSONParser) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw failure("nested deeper than \(Self.maximumDepth) levels")
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func array() throws(Failure) -> JSONValue {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var values: [JSONValue] = []
        while true {
            values.append(try value())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            if take(UInt8(ascii: "]")) { return .array(values) }
            throw failure("expected ',' or ']'")
        }
    }

    private mutating func object() throws(Failure) -> JSONValue {
        index += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        var members: [JSONValue.Member] = []
        members.reserveCapacity(4)
        while true {
            let name = try memberName(after: members)
            members.append(JSONValue.Member(name, try value()))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw failure("expected ',' or '}'") }
            if dialect == .strict, members.count > Self.pairwiseLimit { try refuseDuplicates(members) }
            return .object(members)
        }
    }

    private mutating func memberName(after members: [JSONValue.Member]) throws(Failure) -> String {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            throw failure("expected a member name in double quotes")
        }
        let start = index
        let name = try string()
        if dialect == .strict, members.count < Self.pairwiseLimit {
            for member in members where isSame(member.name, name) {
                throw Failure(offset: start, reason: "duplicate member name \(JSONValue.quoted(name))")
            }
        }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after the member name") }
        return name
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard bytes.count - index >= length else { throw failure("expected a value") }
        for offset in 0..<length where bytes[index + offset] != word.utf8Start[offset] {
            throw failure("expected a value")
        }
        index += length
        return value
    }

    @inline(__always)
    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }
}

extension JSONParser {
    /// Up to this many members every pair of names is compared; above it they are sorted.
    private static let pairwiseLimit = 32

    /// Compares bytes. `==` alone also joins two spellings of one letter, and JSON does not.
    @inline(__always)
    private func isSame(_ one: String, _ other: String) -> Bool {
        one == other && one.utf8.elementsEqual(other.utf8)
    }

    private func refuseDuplicates(_ members: [JSONValue.Member]) throws(Failure) {
        let names = members.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for (name, next) in zip(names, names.dropFirst()) where isSame(name, next) {
            throw failure("duplicate member name \(JSONValue.quoted(name))")
        }
    }
}

extension JSONParser {
    /// Why and where the text stops being JSON.
    struct Failure: Error {
        /// Byte of the text.
        var offset: Int
        var reason: String

        /// The same with line and column, for a person.
        func located(in text: UnsafeBufferPointer<UInt8>) -> JSONError {
            var line = 1
            var column = 1
            for byte in text.prefix(offset) {
                if byte == 0x0A {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {  // not the rest of a UTF-8 sequence
                    column += 1
                }
            }
            return JSONError(path: "", problem: .malformed(line: line, column: column, reason: reason))
        }
    }

    func failure(_ reason: String) -> Failure { Failure(offset: index, reason: reason) }
}
