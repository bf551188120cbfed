import JSON
import Testing

@Suite struct ReaderTests {
    private enum Color: String, CaseIterable { case red, green }

    private func reader(_ text: String) throws -> JSONReader { JSONReader(try parse(text)) }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func pathsSayWhereAValueStands() throws {
        let root = try reader(#"{"a":{"b":[0,{"c":true}]},"d.e":{"":1}}"#)
        #expect(root.path == "")
        let item = try root.required("a").required("b").elements()[1]
        #expect(item.path == "a.b[1]")
        #expect(try item.required("c").path == "a.b[1].c")
        #expect(try root.required("d.e").members()[0].value.path == #"["d.e"][""]"#)
        #expect(try JSONReader(parse("[1]"), path: "file").elements()[0].path == "file[0]")
        #expect(try JSONReader(parse(#"{"x":1}"#), path: "file").required("x").path == "file.x")
        #expect(JSONError.path("a.b", "c") == "a.b.c" && JSONError.path("", "c d") == #"["c d"]"#)
    }

    @Test func nullIsAbsent() throws {
        let root = try reader(#"{"a":null,"b":1}"#)
        #expect(try root.optional("a") == nil && root.optional("x") == nil)
        #expect(try root.members().map(\.name) == ["b"])
        #expect(message { _ = try root.required("a") } == "a: missing")
    }

    @Test func integersAreCheckedAgainstTheirRange() throws {
        let root = try reader(
            #"{"n":[-1,65536,4294967296,2147483648,18446744073709551615,9223372036854775808,1.0,"1",1e30]}"#)
        let n = try root.required("n").elements()
        #expect(try n[0].integer() == -1 && n[0].int32() == -1)
        #expect(
            message { _ = try n[0].unsigned() }
                == "n[0]: -1 is out of range (allowed: 0 to 18446744073709551615)")
        #expect(message { _ = try n[0].uint32() } == "n[0]: -1 is out of range (allowed: 0 to 4294967295)")
        #expect(message { _ = try n[1].uint16() } == "n[1]: 65536 is out of range (allowed: 0 to 65535)")
        #expect(
            message { _ = try n[2].uint32() } == "n[2]: 4294967296 is out of range (allowed: 0 to 4294967295)"
        )
        #expect(message { _ = try n[3].int32() }.contains("(allowed: -2147483648 to 2147483647)"))
        #expect(try n[4].unsigned() == .max)
        #expect(message { _ = try n[5].integer() }.hasPrefix("n[5]: 9223372036854775808 is out of range"))
        #expect(message { _ = try n[6].integer() } == "n[6]: expected integer, found real number")
        #expect(message { _ = try n[7].unsigned() } == "n[7]: expected integer, found string")
        #expect(message { _ = try n[8].unsigned() } == "n[8]: expected integer, found real number")
        #expect(
            message { _ = try n[1].integer(in: 1...5) } == "n[1]: 65536 is out of range (allowed: 1 to 5)")
    }

    @Test func wrongTypesAreNamed() throws {
        let root = try reader(#"{"s":["a",1],"m":{"k":true},"c":"blue","o":[]}"#)
        #expect(message { _ = try root.required("s").strings() } == "s[1]: expected string, found integer")
        #expect(message { _ = try root.required("m").strings() } == "m: expected array, found object")
        #expect(message { _ = try root.required("m").stringMap() } == "m.k: expected string, found boolean")
        #expect(message { _ = try root.required("c").boolean() } == "c: expected boolean, found string")
        #expect(message { _ = try root.required("o").optional("x") } == "o: expected object, found array")
        #expect(message { _ = try root.elements() } == "expected array, found object")
        #expect(
            message { _ = try root.required("c").choice(Color.self) }
                == "c: unknown value 'blue' (allowed: red, green)")
    }
}

@Suite struct WriterTests {
    @Test func textIsOneLine() throws {
        let text = #"{"a":[1,-2,18446744073709551615,1.5,"x"],"b":{},"c":[],"d":null,"e":true}"#
        #expect(try parse(text).text == text)
    }

    @Test func prettyTextIsIndentedAsGoDoes() throws {
        let value = try parse(#"{"a":[1,{"b":[]}],"c":{}}"#)
        #expect(
            value.prettyText() == "{\n\t\"a\": [\n\t\t1,\n\t\t{\n\t\t\t\"b\": []\n\t\t}\n\t],\n\t\"c\": {}\n}"
        )
        #expect(value.prettyText(indent: "  ").contains("\n  \"a\": [\n    1,"))
    }

    @Test func stringsAreEscaped() throws {
        let string = "\u{0}\u{1}\u{1f}\"\\/\n\r\t\u{7f}é😀"
        #expect(JSONValue.string(string).text == #""\u0000\u0001\u001f\"\\/\n\r\t"# + "\u{7f}é😀\"")
        let readable = String(string.unicodeScalars.dropFirst())
        #expect(try parse(JSONValue.string(readable).text) == .string(readable))
    }

    @Test func numbersKeepTheirValue() throws {
        for number in [0.1, 1e100, -2.5e-10, 1.7976931348623157e308, .leastNonzeroMagnitude] {
            #expect(try parse(JSONValue.real(number).text) == .real(number))
        }
        #expect(JSONValue.real(.infinity).text == "null" && JSONValue.real(.nan).text == "null")
        #expect(JSONValue.number(UInt64.max) == .unsigned(.max) && JSONValue.number(UInt8(3)) == .integer(3))
    }

    @Test func objectsLeaveOutWhatIsAbsent() {
        var object = JSONObject()
        object.set("a", String?.none)
        object.set("b", [String]())
        object.set("c", [String: String]())
        object.set("d", JSONObject())
        #expect(object.isEmpty)
        object.set("e", ["z": "1", "y": "2"])
        object.set("f", UInt64.max)
        #expect(object.value.text == #"{"e":{"y":"2","z":"1"},"f":18446744073709551615}"#)
    }
}
