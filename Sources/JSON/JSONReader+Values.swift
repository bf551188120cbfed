extension JSONReader {
    /// The value, which must be a string.
    public func string() throws(JSONError) -> String {
        guard case .string(let text) = value else { throw wrongType("string") }
        return text
    }

    /// The value, which must be `true` or `false`.
    public func boolean() throws(JSONError) -> Bool {
        guard case .boolean(let flag) = value else { throw wrongType("boolean") }
        return flag
    }

    /// The value, which must be a whole number that fits.
    public func integer() throws(JSONError) -> Int64 {
        if case .integer(let number) = value { return number }
        return try whole()
    }

    /// The value, which must be a whole number in `range`.
    public func integer(in range: ClosedRange<Int64>) throws(JSONError) -> Int64 {
        let number = try integer()
        guard range.contains(number) else { throw outOfRange(range.lowerBound, range.upperBound) }
        return number
    }

    /// The value, which must be a whole number that fits.
    public func unsigned() throws(JSONError) -> UInt64 { try whole() }

    /// The value, which must be a whole number that fits.
    public func uint32() throws(JSONError) -> UInt32 { try whole() }

    /// The value, which must be a whole number that fits.
    public func uint16() throws(JSONError) -> UInt16 { try whole() }

    /// The value, which must be a whole number that fits.
    public func int32() throws(JSONError) -> Int32 { try whole() }

    /// The strings of the value, which must be an array of nothing else.
    public func strings() throws(JSONError) -> [String] {
        guard case .array(let values) = value else { throw wrongType("array") }
        var strings: [String] = []
        strings.reserveCapacity(values.count)
        for value in values {
            guard case .string(let text) = value else { break }
            strings.append(text)
        }
        // The elements with their paths are made only to name the wrong one.
        if strings.count < values.count { _ = try elements()[strings.count].string() }
        return strings
    }

    /// The members of the value, which must be an object of nothing but strings.
    public func stringMap() throws(JSONError) -> [String: String] {
        var map: [String: String] = [:]
        for (name, value) in try members() { map[name] = try value.string() }
        return map
    }

    /// One of the raw values of `Value`.
    public func choice<Value: RawRepresentable<String> & CaseIterable>(
        _: Value.Type
    ) throws(JSONError) -> Value {
        let text = try string()
        guard let value = Value(rawValue: text) else {
            throw JSONError(
                path: path,
                problem: .unknownValue(text, allowed: Value.allCases.map { $0.rawValue }))
        }
        return value
    }

    private func whole<Number: FixedWidthInteger>() throws(JSONError) -> Number {
        let number: Number? =
            switch value {
            case .integer(let number): Number(exactly: number)
            case .unsigned(let number): Number(exactly: number)
            default: throw wrongType("integer")
            }
        guard let number else { throw outOfRange(Number.min, Number.max) }
        return number
    }

    private func outOfRange<Number: FixedWidthInteger>(_ lowest: Number, _ highest: Number) -> JSONError {
        notAllowed("\(value.text) is out of range (allowed: \(lowest) to \(highest))")
    }
}
