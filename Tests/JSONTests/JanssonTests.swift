import JSON
import JanssonOracle
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
    let text = String(decoding: bytes, as: UTF8.self)
    let verdicts = [JSONDialect.strict, .forgiving].map { dialect in
        let verdict = JanssonOracle.verdict(on: bytes, as: dialect)
        if case .disagreement(let what) = verdict { Issue.record("\(dialect), \(what): \(text)") }
        return verdict
    }
    guard verdicts[0] == .accepted, let ours = try? JSONValue(parsing: bytes) else { return false }
    // What we write is read back the same.
    #expect((try? JSONValue(parsing: Array(ours.text.utf8))) == ours)
    #expect((try? JSONValue(parsing: Array(ours.prettyText(indent: "  ").utf8))) == ours)
    return true
}
