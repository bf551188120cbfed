import JSON
import Testing

@Suite struct ParserTests {
    static let good: [(String, JSONValue)] = [
        ("null", .null), ("true", .boolean(true)), (" false\r\n\t", .boolean(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-1", .integer(-1)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .unsigned(9_223_372_036_854_775_808)),
        ("18446744073709551615", .unsigned(.max)),
        ("18446744073709551616", .real(18_446_744_073_709_551_616)),
        ("-9223372036854775809", .real(-9.223372036854775809e18)),
        ("123456789012345678901234567890", .real(1.2345678901234568e29)),
        ("1.5", .real(1.5)), ("-0.0", .real(-0.0)), ("1e3", .real(1000)), ("1E+2", .real(100)),
        ("25e-1", .real(2.5)), ("1e-400", .real(0)),
        (#""""#, .string("")), (#""a""#, .string("a")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u0041\u00e9\u20AC""#, .string("Aé€")), (#""\ud83d\ude00!""#, .string("😀!")),
        (#""é€😀""#, .string("é€😀")), (#""é\n€""#, .string("é\n€")), ("\"\u{7f}\"", .string("\u{7f}")),
        ("[]", .array([])), ("[ ]", .array([])), ("[1,[2]]", .array([.integer(1), .array([.integer(2)])])),
        ("{}", .object([])), ("{ }", .object([])),
        (#"{"b":1,"a":{}}"#, .object([.init("b", .integer(1)), .init("a", .object([]))])),
        // Two spellings of one letter are two names.
        (
            "{\"\u{e9}\":1,\"e\u{301}\":2}",
            .object([.init("\u{e9}", .integer(1)), .init("e\u{301}", .integer(2))])
        ),
    ]

    @Test(arguments: good) func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test func keepsMembersApartByTheirBytes() throws {
        guard case .object(let members) = try parse("{\"\u{e9}\":1,\"e\u{301}\":2}") else { return }
        #expect(members.map { Array($0.name.utf8).count } == [2, 3])
    }

    static let bad: [(String, String)] = [
        ("", "line 1, column 1: expected a value, found the end of the text"),
        ("  \n ", "line 2, column 2: expected a value, found the end of the text"),
        ("nul", "line 1, column 1: expected a value"), ("nulx", "line 1, column 1: expected a value"),
        ("True", "column 1: expected a value"), ("+1", "expected a value"), (".5", "expected a value"),
        ("NaN", "expected a value"), ("'a'", "expected a value"), ("\u{feff}1", "column 1: expected a value"),
        ("01", "column 2: a number cannot have a leading zero"), ("-", "column 2: expected a digit"),
        ("-a", "expected a digit"), ("1.", "expected a digit"), ("1.e1", "expected a digit"),
        ("1e", "expected a digit"), ("1e+", "expected a digit"), ("0x1", "expected the end of the text"),
        ("1e400", "column 1: the number is too large"), ("-1e999999999999999999", "the number is too large"),
        ("1 2", "column 3: expected the end of the text"), ("{} x", "expected the end of the text"),
        ("[1", "expected ',' or ']'"), ("[1 2]", "column 4: expected ',' or ']'"),
        ("[1,]", "column 4: expected a value"), ("[,1]", "column 2: expected a value"),
        ("[", "expected a value"),
        ("[1}", "expected ',' or ']'"), ("{", "expected a member name in double quotes"),
        ("{1:2}", "expected a member name"), (#"{"a"}"#, "column 5: expected ':' after the member name"),
        (#"{"a":}"#, "expected a value"), (#"{"a":1,}"#, "column 8: expected a member name"),
        (#"{"a":1 "b":2}"#, "column 8: expected ',' or '}'"), (#"{"a":1]"#, "expected ',' or '}'"),
        ("{\n\"a\":1,\n \"a\":2}", #"line 3, column 2: duplicate member name "a""#),
        (#"{"a":1,"\u0061":2}"#, #"duplicate member name "a""#),
        ("\"", "expected '\"' at the end of the string"), ("\"a", "expected '\"' at the end of the string"),
        ("\"a\nb\"", "column 3: a control character in a string must be escaped"),
        ("\"\\n\t\"", "a control character in a string must be escaped"),
        (#""\x""#, "column 3: expected one of"), (#""\"#, "expected '\"' at the end of the string"),
        (#""\u12""#, "expected four hexadecimal digits"), (#""\u12g4""#, "expected four hexadecimal digits"),
        (#""\ud800""#, "column 2: a surrogate must be one of a pair"), (#""\ud800x""#, "a surrogate must be"),
        (#""\ud800\n""#, "a surrogate must be"), (#""\ude00""#, "a surrogate must be"),
        (#""\ud800\u0041""#, "expected a low surrogate"), (#""\ud800\ue000""#, "expected a low surrogate"),
        (#""\u0000""#, "NUL is not accepted"),
        (#"{"é":"€" x}"#, "column 10: expected ',' or '}'"), ("/**/1", "expected a value"),
    ]

    @Test(arguments: bad) func refuses(_ text: String, _ reason: String) throws {
        let refusal = try #require(complaint(about: Array(text.utf8)), "accepted")
        #expect(refusal.hasPrefix("malformed JSON: line ") && refusal.contains(reason), "\(refusal)")
    }

    /// Overlong forms, surrogates, bytes that never are, sequences cut off.
    static let notUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ]

    @Test(arguments: notUTF8) func refusesWhatIsNotUTF8(_ bytes: [UInt8]) throws {
        let quote = UInt8(ascii: "\"")
        let plain = try #require(complaint(about: [quote, 0x61] + bytes + [quote]))
        #expect(plain.hasSuffix("line 1, column 3: invalid UTF-8 in a string"))
        let escaped = try #require(complaint(about: Array(#""\n"#.utf8) + bytes + [quote]))
        #expect(escaped.hasSuffix("invalid UTF-8 in a string"))
        var asName = Array("{\"".utf8)
        asName += bytes
        asName += Array("\":1}".utf8)
        #expect(complaint(about: asName) != nil)
    }

    @Test func stopsAtTheDepthLimit() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(complaint(about: nested(512)) == nil)
        let refusal = try #require(complaint(about: nested(513)))
        #expect(refusal.contains("column 513: nested deeper than 512 levels"))
        #expect(complaint(about: nested(1_000_000)) != nil)
        let objects = String(repeating: #"{"a":"#, count: 600)
        #expect(complaint(about: Array(objects.utf8))?.contains("deeper") == true)
    }

    @Test func findsDuplicatesInLargeObjects() throws {
        let names = (0..<5000).map { "\"name\($0)\":1" }
        #expect(complaint(about: Array("{\(names.joined(separator: ","))}".utf8)) == nil)
        let doubled = names + ["\"name77\":2"]
        #expect(
            complaint(about: Array("{\(doubled.joined(separator: ","))}".utf8))?
                .contains(#"duplicate member name "name77""#) == true)
    }
}
