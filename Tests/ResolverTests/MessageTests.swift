import Testing

@testable import Resolver

/// Messages nobody vouches for.
@Suite struct MessageTests {
    private let header: [UInt8] = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    private let tail: [UInt8] = [0, 1, 0, 1]

    private func code(_ bytes: [UInt8]) throws -> Int {
        let web = try record(["web"], "10.0.0.2")
        guard case .answer(let answer) = directory(web).decide(bytes, of: Asker([web])) else { return -1 }
        return try Answer(answer).code
    }

    @Test func aNameThatPointsAtItselfIsRefused() throws {
        #expect(try code(header + [0xC0, 12] + tail) == 1)
        #expect(try code(header + [1, 97, 0xC0, 12] + tail) == 1)
        #expect(try code(header + [0xC0, 14, 0xC0, 12] + tail) == 1)
        #expect(try code(header + [0xC0, 200] + tail) == 1)
    }

    @Test func aNamePointingToTheFrontIsReadOnceThrough() throws {
        // The header's bytes are a name, too, of whatever they are.
        #expect(try Query(header + [0xC0, 10] + tail).name == .root)
    }

    @Test func labelsAndNamesHaveTheirLongest() throws {
        let long = [UInt8](repeating: 97, count: 63)
        let most = Array(repeating: [63] + long, count: 3).joined() + [61] + long.prefix(61)
        #expect(try Query(header + most + [0] + tail).name.wire.count == 254)
        #expect(try code(header + most + [1, 97, 0] + tail) == 1)
        #expect(try code(header + [64] + long + [97, 0] + tail) == 1)
        #expect(try code(header + [0x80, 0] + tail) == 1)
    }

    @Test func everyPrefixOfAMessageIsAnsweredOrIgnored() throws {
        let whole = header + [3] + Array("web".utf8) + [0] + tail
        for count in 0..<whole.count {
            #expect(try code(Array(whole.prefix(count))) == (count < 12 ? -1 : 1))
        }
        #expect(try code(whole) == 0)
    }

    @Test func answersAndOtherOperationsAreNoQuestions() throws {
        let question = [3] + Array("web".utf8) + [0] + tail
        #expect(try code([0, 7, 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question) == -1)
        #expect(try code([0, 7, 0x28, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question) == 4)
        #expect(try code([0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == 1)
        #expect(try code([0, 7, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0] + question + question) == 1)
        // A whole zone is given to nobody.
        #expect(try code(header + [3] + Array("web".utf8) + [0, 0, 252, 0, 1]) == 5)
    }

    @Test(arguments: [(0, 512), (100, 512), (1232, 1232), (65535, 4096)])
    func theClientSaysHowMuchItTakes(_ said: UInt16, _ limit: Int) throws {
        var bytes = header + [0] + tail + [0, 0, 41] + bigEndian(said) + [0, 0, 0, 0, 0, 0]
        bytes[11] = 1
        #expect(try Query(bytes).payloadLimit == limit)
        #expect(throws: Query.Refusal.answer(.formatError)) { try Query(bytes.dropLast()) }
    }

    @Test func anAnswerHasNoOptionsOfItsOwn() throws {
        var bytes = header + [3] + Array("web".utf8) + [0] + tail + [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]
        bytes[11] = 1
        let web = try record(["web"], "10.0.0.2")
        guard case .answer(let answer) = directory(web).decide(bytes, of: Asker([web])) else {
            Issue.record("no answer")
            return
        }
        #expect(try Answer(answer).additional == 0)
    }

    @Test func aPointInALabelIsNoEndOfOne() throws {
        #expect(DomainName(wire: [3, 97, 46, 98]) != DomainName("a.b"))
        #expect(DomainName(wire: [3, 97, 46, 98]).description == "a\\046b")
        #expect(DomainName("a.b.")?.description == "a.b")
        for text in ["", ".", "a..b", ".a", String(repeating: "a", count: 64)] {
            #expect(DomainName(text) == nil)
        }
    }
}
