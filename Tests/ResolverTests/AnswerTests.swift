import Addressing
import Testing

@testable import Resolver

/// What a container is told. The numbers are those of the list of observables.
@Suite struct AnswerTests {
    @Test(arguments: ["web", "WEB", "web.blue", "Web.Blue", "www", "0123456789ab", "host1", "web.dns.podman"])
    func aNameIsFoundInEveryFormAndCase(_ name: String) throws {
        var web = try record(["web", "www", "0123456789ab", "host1"], "10.0.0.2")
        web.domain = "dns.podman"
        let answer = try directory(web).answer(name, .a, Asker([web]))
        #expect(answer.addresses == ["10.0.0.2"])
        #expect(answer.records.map(\.lifetime) == [600])
        #expect((answer.id, answer.flags) == (7, 0x8180))
    }

    @Test func theQuestionComesBackInItsOwnLetters() throws {
        let web = try record(["web"], "10.0.0.2")
        let question = Query.question("wEb.BLUE", .a, id: 9)
        guard case .answer(let bytes) = directory(web).decide(question, of: Asker([web])) else {
            Issue.record("no answer")
            return
        }
        #expect(Array(bytes[12..<question.count]) == Array(question[12...]))
        #expect(Array(bytes[question.count..<question.count + 2]) == [0xC0, 0x0C])
    }

    @Test(arguments: [QuestionType.aaaa, .mail, .text, QuestionType(rawValue: 65)])
    func aKnownNameWithoutSuchARecordIsNotAskedForElsewhere(_ type: QuestionType) throws {
        let web = try record(["web"], "10.0.0.2")
        let answer = try directory(web).answer("web", type, Asker([web]))
        #expect((answer.code, answer.records.count) == (0, 0))
    }

    @Test func bothFamiliesAreAnsweredByTheirOwnQuestion() throws {
        let web = try record(["web"], "10.0.0.2", "fd00::2")
        let all = directory(web)
        #expect(try all.answer("web", .a, Asker([web])).addresses == ["10.0.0.2"])
        #expect(try all.answer("web", .aaaa, Asker([web])).addresses == ["fd00::2"])
        #expect(try all.answer("web", .any, Asker([web])).addresses == ["10.0.0.2", "fd00::2"])
    }

    @Test func anAddressIsCalledByTheFirstNameAndTheNetwork() throws {
        let web = try record(["Web", "www"], "10.0.0.2", "fd00::2")
        let all = directory(web)
        #expect(try all.answer("2.0.0.10.in-addr.arpa", .pointer, Asker([web])).name == "Web.blue")
        let six = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa"
        #expect(try all.answer(six, .pointer, Asker([web])).name == "Web.blue")
        #expect(all.forwards("1.0.0.10.in-addr.arpa", .pointer, Asker([web])))
    }

    @Test func aSharedAliasHasAllAddressesInAnyOrder() throws {
        let records = try (2...6).map { try record(["n\($0)", "all"], "10.0.0.\($0)") }
        var all = NameDirectory()
        for record in records { all.update(record.fileName, record) }
        let orders = try Set((0..<64).map { _ in try all.answer("all", .a, Asker([records[0]])).addresses })
        #expect(orders.allSatisfy { Set($0) == Set(records.flatMap(\.addresses).map { "\($0)" }) })
        #expect(orders.count > 1)
    }

    @Test func aContainerThatWentIsNotAnsweredAnyMore() throws {
        let (one, two) = (try record(["one", "all"], "10.0.0.2"), try record(["two", "all"], "10.0.0.3"))
        var all = directory(one, two)
        all.update(two.fileName, nil)
        #expect(try all.answer("all", .a, Asker([one])).addresses == ["10.0.0.2"])
        #expect(all.forwards("two", .a, Asker([one])))
        #expect(all.forwards("3.0.0.10.in-addr.arpa", .pointer, Asker([one])))
    }

    @Test func aNewNameTakesTheOldOnesPlace() throws {
        var web = try record(["old"], "10.0.0.2", of: "c")
        var all = directory(web)
        web.names = ["new"]
        all.update(web.fileName, web)
        #expect(all.forwards("old", .a, Asker([web])))
        #expect(try all.answer("new", .a, Asker([web])).addresses == ["10.0.0.2"])
        #expect(try all.answer("2.0.0.10.in-addr.arpa", .pointer, Asker([web])).name == "new.blue")
    }

    @Test func onlySharedNetworksAreSeen() throws {
        let (near, far) = (try record(["q1"], "10.0.0.2"), try record(["q1"], "10.1.0.2", on: "red"))
        let all = directory(near, far)
        #expect(try all.answer("q1", .a, Asker([near])).addresses == ["10.0.0.2"])
        #expect(all.forwards("q1.red", .a, Asker([near])))
        #expect(all.forwards("2.0.1.10.in-addr.arpa", .pointer, Asker([near])))
        #expect(try all.answer("q1.red", .a, Asker([near, far])).addresses == ["10.1.0.2"])
    }

    @Test func theFirstNetworkThatKnowsTheNameCounts() throws {
        let one = try record(["me"], "10.0.0.2", of: "c")
        let two = try record(["me"], "10.1.0.2", on: "a-red", of: "c", at: "eth1")
        let (db, other) = (try record(["db"], "10.0.0.3"), try record(["db"], "fd01::3", on: "a-red"))
        let all = directory(one, two, db, other)
        #expect(try all.answer("db", .a, Asker([two, one])).addresses == ["10.0.0.3"])
        #expect(try all.answer("db", .aaaa, Asker([two, one])).addresses == ["fd01::3"])
    }

    @Test func aLinkIsSeenByTheLinkerAlone() throws {
        var linker = try record(["app"], "10.0.0.2")
        linker.links = ["db": "postgres"]
        let (server, other) = (try record(["postgres"], "10.0.0.3"), try record(["other"], "10.0.0.4"))
        let all = directory(linker, server, other)
        #expect(try all.answer("DB", .a, Asker([linker])).addresses == ["10.0.0.3"])
        #expect(try all.answer("db.blue", .a, Asker([linker])).addresses == ["10.0.0.3"])
        #expect(all.forwards("db", .a, Asker([other])))
    }

    @Test func aServiceIsWhereItsNumberSays() throws {
        let web = try record(["web"], "10.0.0.2")
        let answer = try directory(web).answer("_80._tcp.web", .service, Asker([web]))
        #expect(answer.records.map(\.data) == [[0, 0, 0, 0, 0, 80, 3] + Array("web".utf8) + [0]])
        #expect(answer.additional == 1)
        #expect(try directory(web).answer("_http._tcp.web", .service, Asker([web])).records.isEmpty)
        #expect(directory(web).forwards("_sip._udp.example.org", .service, Asker([web])))
    }

    @Test func anAnswerThatIsTooLongSaysSo() throws {
        let records = try (1...60).map { try record(["n\($0)", "all"], "10.0.0.\($0)") }
        var all = NameDirectory()
        for record in records { all.update(record.fileName, record) }
        let short = try all.answer("all", .a, Asker([records[0]]))
        #expect(short.flags & 0x0200 != 0)
        #expect(short.records.count == (512 - 21) / 16)
        let whole = try all.answer("all", .a, Asker([records[0]]), limit: 65535)
        #expect((whole.flags & 0x0200, whole.records.count) == (0, 60))
    }
}
