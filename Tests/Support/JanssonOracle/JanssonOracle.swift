internal import CJansson
public import JSON

/// Jansson as a second opinion on the JSON door: what does it say of the same text?
public enum JanssonOracle {
    /// What two readers of one text can have to say.
    public enum Verdict: Equatable, Sendable {
        /// Both took it, and read the same.
        case accepted
        /// Both refused it, or it is one of the differences we want.
        case refused
        /// They differ, and in what.
        case disagreement(String)
    }

    /// Compares what the dialect reads from `bytes` with what jansson reads.
    public static func verdict(on bytes: [UInt8], as dialect: JSONDialect) -> Verdict {
        let ours = try? JSONValue(parsing: bytes, as: dialect)
        // Jansson skips the byte as if it were white space; RFC 8259 has no place for it.
        if bytes.contains(0) { return ours == nil ? .refused : .disagreement("a NUL byte was accepted") }
        var error = json_error_t()
        let flags = JSON_DECODE_ANY | (dialect == .strict ? JSON_REJECT_DUPLICATES : 0)
        let theirs = bytes.withUnsafeBytes {
            json_loadb($0.baseAddress, $0.count, Int(flags), &error)
        }
        defer { if let theirs { json_decref(theirs) } }
        guard let theirs else {
            // Jansson knows no whole number beyond Int64, and no real one beyond Double.
            if json_error_code(&error) == json_error_numeric_overflow { return .refused }
            return ours == nil ? .refused : .disagreement("only we accept it")
        }
        guard let ours else {
            // Jansson goes four times as deep.
            return depth(of: theirs) > 512 ? .refused : .disagreement("only we refuse it")
        }
        return isSame(ours, theirs) ? .accepted : .disagreement("read differently")
    }

    private static func depth(of value: UnsafeMutablePointer<json_t>) -> Int {
        var deepest = 0
        switch value.pointee.type {
        case JSON_ARRAY:
            for index in 0..<json_array_size(value) {
                if let item = json_array_get(value, index) { deepest = max(deepest, depth(of: item)) }
            }
        case JSON_OBJECT:
            var place = json_object_iter(value)
            while let here = place {
                if let item = json_object_iter_value(here) { deepest = max(deepest, depth(of: item)) }
                place = json_object_iter_next(value, here)
            }
        default: return 0
        }
        return deepest + 1
    }

    private static func isSame(_ ours: JSONValue, _ theirs: UnsafeMutablePointer<json_t>) -> Bool {
        switch (ours, theirs.pointee.type) {
        case (.null, JSON_NULL), (.boolean(true), JSON_TRUE), (.boolean(false), JSON_FALSE): return true
        case (.integer(let number), JSON_INTEGER): return json_integer_value(theirs) == number
        case (.real(let number), JSON_REAL): return json_real_value(theirs) == number
        case (.verbatim(let number), JSON_REAL): return json_real_value(theirs) == Double(number)
        // -0, which is kept as written: an integer has no minus zero.
        case (.verbatim(let number), JSON_INTEGER): return json_integer_value(theirs) == Int64(number)
        case (.string(let text), JSON_STRING):
            let bytes = UnsafeRawBufferPointer(
                start: json_string_value(theirs), count: json_string_length(theirs))
            return bytes.elementsEqual(text.utf8)
        case (.array(let values), JSON_ARRAY):
            guard values.count == json_array_size(theirs) else { return false }
            return values.enumerated().allSatisfy { index, value in
                json_array_get(theirs, index).map { isSame(value, $0) } ?? false
            }
        case (.object(let members), JSON_OBJECT): return isSame(members, theirs)
        default: return false
        }
    }

    /// Of members with one name the last counts.
    private static func isSame(
        _ members: [JSONValue.Member], _ theirs: UnsafeMutablePointer<json_t>
    ) -> Bool {
        var last: [[UInt8]: JSONValue] = [:]
        for member in members { last[Array(member.name.utf8)] = member.value }
        return last.count == json_object_size(theirs)
            && last.allSatisfy { name, value in
                json_object_get(theirs, String(decoding: name, as: UTF8.self)).map { isSame(value, $0) }
                    ?? false
            }
    }
}
