extension JSONParser {
    /// RFC 8259, section 7. Nearly all strings have no escape and become a String straight from the text.
    mutating func string() throws(Failure) -> String {
        index += 1
        let start = index
        var seen: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let content = UnsafeBufferPointer(rebasing: bytes[start..<index])
                index += 1
                if seen < 0x80 { return String(decoding: content, as: UTF8.self) }
                return try validated(content) { start + $0 }
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw failure("a control character in a string must be escaped") }
            seen |= byte
            index += 1
        }
        throw failure("expected '\"' at the end of the string")
    }

    /// A string with at least one escape; `index` is at it.
    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var content = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return try content.span.withUnsafeBufferPointer { text throws(Failure) in
                    try validated(text) { _ in start }
                }
            }
            if byte < 0x20 { throw failure("a control character in a string must be escaped") }
            index += 1
            if byte == UInt8(ascii: "\\") { try escape(into: &content) } else { content.append(byte) }
        }
        throw failure("expected '\"' at the end of the string")
    }

    private mutating func escape(into content: inout [UInt8]) throws(Failure) {
        guard index < bytes.count else { throw failure("expected '\"' at the end of the string") }
        let letter = bytes[index]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            index += 1
            return try unicodeEscape(into: &content)
        default: throw failure(#"expected one of " \ / b f n r t u after '\'"#)
        }
        index += 1
    }

    /// The hexadecimal digits of one or two `\u` escapes; `index` is behind the first `u`.
    private mutating func unicodeEscape(into content: inout [UInt8]) throws(Failure) {
        let start = index - 2
        var code = try hexadecimal()
        if 0xD800..<0xDC00 ~= code, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let low = try hexadecimal()
            guard 0xDC00..<0xE000 ~= low else {
                throw Failure(offset: start, reason: "expected a low surrogate after a high one")
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw Failure(offset: start, reason: "a surrogate must be one of a pair")
        }
        guard code != 0 else { throw Failure(offset: start, reason: "NUL is not accepted in a string") }
        content.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = hexadecimalDigit(bytes[index]) else {
                throw failure("expected four hexadecimal digits")
            }
            code = code << 4 | digit
            index += 1
        }
        return code
    }

    private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// The string whose UTF-8 is `content`; `place` turns an offset in it into one of the text.
    private func validated(
        _ content: UnsafeBufferPointer<UInt8>, _ place: (Int) -> Int
    ) throws(Failure) -> String {
        if let string = String(validating: content, as: UTF8.self) { return string }
        var valid = 0
        var decoder = UTF8()
        var input = content.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&input) { valid += UTF8.width(scalar) }
        throw Failure(offset: place(valid), reason: "invalid UTF-8 in a string")
    }
}
