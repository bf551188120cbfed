import JSON
import Testing

@Suite struct ForgivingTests {
    private func reader(_ text: String) throws -> JSONReader {
        JSONReader(try JSONValue(parsing: Array(text.utf8), as: .forgiving), as: .forgiving)
    }

    @Test func namesMatchInAnyCase() throws {
        let root = try reader(#"{"CNIVersion":"1.0.0","runtimeconfig":{"MAC":"x"},"é":1}"#)
        #expect(try root.required("cniVersion").string() == "1.0.0")
        #expect(try root.required("runtimeConfig").required("mac").string() == "x")
        #expect(try root.optional("É") == nil && root.optional("e") == nil)
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, 2), (#"{"a":1,"A":2}"#, 2), (#"{"A":1,"a":2}"#, 2), (#"{"a":1,"b":3,"A":4}"#, 4),
        (#"{"a":1,"a":null}"#, nil), (#"{"a":null,"A":5}"#, 5),
    ])
    func theLastOfSeveralCounts(_ text: String, _ value: Int64?) throws {
        #expect(try reader(text).optional("a")?.integer() == value)
    }

    @Test func membersAreNamedAsWrittenAndTheLastOneCounts() throws {
        let members = try reader(#"{"a":"1","B":"2","a":"3","A":"4"}"#).members()
        #expect(members.map(\.name) == ["B", "a", "A"])
        #expect(try members.map { try $0.value.string() } == ["2", "3", "4"])
    }

    @Test(arguments: [
        "1.0", "1e3", "1E+400", "-0.0", "123456789012345678901234567890", "-9223372036854775809", "0.10",
        "9007199254740993", "18446744073709551615", "-9223372036854775808",
    ])
    func aNumberIsHandedOnAsItWasWritten(_ text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8), as: .forgiving).text == text)
    }

    @Test func aVerbatimNumberIsNoInteger() throws {
        #expect(throws: JSONError(path: "a", problem: .wrongType(expected: "integer", found: "real number")))
        {
            try reader(#"{"a":1.0}"#).required("A").integer()
        }
    }

    @Test func theStrictDialectKnowsNoneOfThis() throws {
        #expect(complaint(about: Array(#"{"a":1,"a":2}"#.utf8)) != nil)
        #expect(try JSONReader(parse(#"{"A":1}"#)).optional("a") == nil)
        #expect(try parse("1.0") == .real(1))
    }
}
