import CJansson
import JSON
import Testing

/// Jansson is a second opinion: both must accept and refuse the same texts, and read the same from them.
@Suite struct JanssonTests {
    @Test func agreesOnTheTables() {
        let texts = ParserTests.good.map { $0.0 } + ParserTests.bad.map { $0.0 } + Self.corpus
        for text in texts { expectAgreement(Array(text.utf8)) }
        for bytes in ParserTests.notUTF8 { expectAgreement([0x22] + bytes + [0x22]) }
    }

    @Test func agreesOnMutations() {
        var random = Random(seed: 7)
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.corpus[round % Self.corpus.count].utf8)
            for _ in 0...Int(random.next() % 3) { random.mutate(&bytes) }
            if expectAgreement(bytes) { accepted += 1 }
        }
        // Neither all nor nothing may get through, or the mutations test nothing.
        #expect(accepted > 1000 && accepted < 19_000, "\(accepted)")
    }

    static let corpus = [
        #"{"a":[1,2.5,-3e2,true,false,null],"b":{"c":"d\n\u00e9\ud83d\ude00"},"":""}"#,
        #"[[[[[[]]]]],{},{"a":{}},[{"b":[]}]]"#,
        #"[0,-0,1,-1,10,9223372036854775807,-9223372036854775808,0.1,1e5,1E-5,1.25e+3]"#,
        #"["","a","\"","\\","\/","\b\f\n\r\t","\u0041\uD834\uDD1E","é€😀"]"#,
        "  {\r\n\t\"name\" : [ 1 , 2 ] ,\n \"other\":\"x\" }\n",
        #"{"linux":{"resources":{"memory":{"limit":536870912,"swap":-1}},"namespaces":[{"type":"pid"}]}}"#,
        "true", "null", "\"text\"", "12.5", "[]",
    ]
}

/// A small generator that gives the same numbers in every run.
struct Random {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "0", "-", ".", "e9", "E+",
            "null",
            "true", " ", "\n", "\t", "99999999999999999999", "1e400", "é", "/",
        ].map { Array($0.utf8) } + [[0x80], [0xC0], [0xED, 0xA0, 0x80], [0xFF], [0], [0x1F], [0x7F]]

    /// Changes, removes, doubles or adds something.
    mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = Self.pieces[below(Self.pieces.count)] }
        let place = below(bytes.count)
        switch below(6) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(bytes[below(bytes.count)], at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
        case 4: bytes.swapAt(place, below(bytes.count))
        default: bytes.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
        }
    }
}

/// Whether both accept the text; they must say the same of it.
@discardableResult
private func expectAgreement(_ bytes: [UInt8]) -> Bool {
    let parsed = try? JSONValue(parsing: bytes)
    if bytes.contains(0) {
        // Jansson skips the byte as if it were white space; RFC 8259 has no place for it.
        #expect(parsed == nil, "a NUL byte was accepted")
        return false
    }
    var error = json_error_t()
    let theirs = bytes.withUnsafeBytes {
        json_loadb($0.baseAddress, $0.count, Int(JSON_DECODE_ANY | JSON_REJECT_DUPLICATES), &error)
    }
    defer { if let theirs { json_decref(theirs) } }
    guard let theirs else {
        // Jansson knows no whole number beyond Int64.
        if json_error_code(&error) == json_error_numeric_overflow { return false }
        #expect(parsed == nil, "only we accept \(String(decoding: bytes, as: UTF8.self))")
        return false
    }
    guard let ours = parsed else {
        Issue.record("only we refuse \(String(decoding: bytes, as: UTF8.self))")
        return false
    }
    #expect(isSame(ours, theirs), "read differently: \(String(decoding: bytes, as: UTF8.self))")
    // What we write is read back the same.
    #expect((try? JSONValue(parsing: Array(ours.text.utf8))) == ours)
    #expect((try? JSONValue(parsing: Array(ours.prettyText(indent: "  ").utf8))) == ours)
    return true
}

private func isSame(_ ours: JSONValue, _ theirs: UnsafeMutablePointer<json_t>) -> Bool {
    switch (ours, theirs.pointee.type) {
    case (.null, JSON_NULL), (.boolean(true), JSON_TRUE), (.boolean(false), JSON_FALSE): return true
    case (.integer(let number), JSON_INTEGER): return json_integer_value(theirs) == number
    case (.real(let number), JSON_REAL): return json_real_value(theirs) == number
    case (.string(let text), JSON_STRING):
        let bytes = UnsafeRawBufferPointer(
            start: json_string_value(theirs), count: json_string_length(theirs))
        return Array(bytes) == Array(text.utf8)
    case (.array(let values), JSON_ARRAY):
        guard values.count == json_array_size(theirs) else { return false }
        return values.enumerated().allSatisfy { index, value in
            json_array_get(theirs, index).map { isSame(value, $0) } ?? false
        }
    case (.object(let members), JSON_OBJECT):
        guard members.count == json_object_size(theirs) else { return false }
        return members.allSatisfy { member in
            json_object_get(theirs, member.name).map { isSame(member.value, $0) } ?? false
        }
    default: return false
    }
}
