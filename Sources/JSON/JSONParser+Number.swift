extension JSONParser {
    /// RFC 8259, section 6. Whole numbers stay exact up to 64 bits; beyond them they are reals.
    mutating func number() throws(Failure) -> JSONValue {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        let magnitude = try wholePart()
        let isWhole = try !fractionAndExponent()
        guard isWhole, let magnitude else { return try real(from: start) }
        // An integer has no minus zero.
        if isNegative, magnitude == 0, dialect == .forgiving { return try real(from: start) }
        guard isNegative else {
            return magnitude <= UInt64(Int64.max) ? .integer(Int64(magnitude)) : .unsigned(magnitude)
        }
        guard magnitude <= Int64.min.magnitude else { return try real(from: start) }
        return .integer(Int64(bitPattern: 0 &- magnitude))
    }

    /// The digits before the point; `nil` when they do not fit into 64 bits.
    private mutating func wholePart() throws(Failure) -> UInt64? {
        guard let first = digit() else { throw failure("expected a digit") }
        guard first != 0 else {
            if digit() != nil {
                throw Failure(offset: index - 1, reason: "a number cannot have a leading zero")
            }
            return 0
        }
        var magnitude = first
        var fits = true
        while let digit = digit() {
            let (product, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeNow) = product.addingReportingOverflow(digit)
            magnitude = sum
            if isTooLarge || isTooLargeNow { fits = false }
        }
        return fits ? magnitude : nil
    }

    /// Whether there was a fraction or an exponent.
    private mutating func fractionAndExponent() throws(Failure) -> Bool {
        var found = false
        if take(UInt8(ascii: ".")) {
            found = true
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            found = true
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return found
    }

    private mutating func digits() throws(Failure) {
        guard digit() != nil else { throw failure("expected a digit") }
        while digit() != nil {}
    }

    @inline(__always)
    private mutating func digit() -> UInt64? {
        guard index < bytes.count, case let value = bytes[index] &- UInt8(ascii: "0"), value < 10 else {
            return nil
        }
        index += 1
        return UInt64(value)
    }

    private func real(from start: Int) throws(Failure) -> JSONValue {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
        if dialect == .forgiving { return .verbatim(text) }
        guard let number = Double(text), number.isFinite else {
            throw Failure(offset: start, reason: "the number is too large")
        }
        return .real(number)
    }
}
