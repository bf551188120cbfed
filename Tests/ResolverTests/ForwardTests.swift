import Testing

@testable import Resolver

/// What becomes of names which are not ours.
@Suite struct ForwardTests {
    @Test func anUnknownNameIsAskedForElsewhere() throws {
        let web = try record(["web"], "10.0.0.2")
        #expect(directory(web).forwards("example.org", .a, Asker([web])))
        #expect(directory(web).forwards("nosuch", .a, Asker([web])))
    }

    @Test func withoutAWayOutItFailsAtOnce() throws {
        var web = try record(["web"], "10.0.0.2")
        web.isInternal = true
        #expect(try directory(web).answer("example.org", .a, Asker([web])).code == 2)
        #expect(try directory(web).answer("web", .a, Asker([web])).addresses == ["10.0.0.2"])
        let open = try record(["web"], "10.1.0.2", on: "red")
        #expect(directory(web, open).forwards("example.org", .a, Asker([web, open])))
    }

    @Test(arguments: [("ndots:1", false), ("ndots:0", true), ("timeout:1", true)])
    func aNameWithoutAPointStaysHereWhenSomebodyLimitsPoints(_ option: String, _ isForwarded: Bool) throws {
        var web = try record(["web"], "10.0.0.2")
        web.options = [option]
        #expect(directory(web).forwards("nosuch", .a, Asker([web])) == isForwarded)
        #expect(directory(web).forwards("nosuch.example", .a, Asker([web])))
    }

    @Test func atMostThreeServersAreAskedThoseOfTheFirstNetworkWithAny() throws {
        var (one, two) = (try record(["a"], "10.0.0.2"), try record(["a"], "10.1.0.2", on: "red", at: "eth1"))
        two.upstreams = ["192.0.2.1", "192.0.2.2:5353", "[2001:db8::1]:53", "192.0.2.4"].compactMap(
            Upstream.init)
        #expect(
            Asker([one, two]).upstreams.map(\.description) == ["192.0.2.1", "192.0.2.2:5353", "2001:db8::1"])
        one.upstreams = [try #require(Upstream("192.0.2.9#54"))]
        #expect(Asker([two, one]).upstreams.map(\.description) == ["192.0.2.9:54"])
    }

    @Test(arguments: ["", "192.0.2", "192.0.2.1:0", "192.0.2.1:x", "example.org", "[::1", "::1]:53"])
    func aServerIsAnAddress(_ text: String) { #expect(Upstream(text) == nil) }

    @Test func theServersOfTheHostAreRead() {
        let text =
            "# comment\nsearch a b\nnameserver 192.0.2.1\nnameserver\tfe80::1%eth0\nnameserver 2001:db8::1 \noptions x"
        #expect(upstreams(ofResolverFile: text).map(\.description) == ["192.0.2.1", "2001:db8::1"])
    }

    @Test func onlyTheAnswerToTheQuestionCounts() throws {
        let query = try Query(Query.question("Example.org", .a, id: 7))
        let sent = query.message(id: 0xABCD)
        #expect(Array(sent[0..<2]) == [0xAB, 0xCD])
        func reply(_ name: String, _ type: QuestionType = .a, id: UInt16 = 0xABCD, _ flags: UInt8 = 0x80)
            -> [UInt8]
        {
            var bytes = Query.question(name, type, id: id)
            (bytes[2], bytes[3]) = (flags | 0x01, 0x80)
            return bytes
        }
        let good = reply("eXample.ORG")
        #expect(query.verdict(on: good, id: 0xABCD) == .answer([0, 7] + good.dropFirst(2)))
        for stranger in [
            reply("example.com"), reply("example.org", .aaaa), reply("example.org", id: 1),
            reply("example.org", .a, 0), [], [0xAB, 0xCD],
        ] {
            #expect(query.verdict(on: stranger, id: 0xABCD) == .stranger)
        }
        var failed = good
        failed[3] = 0x82
        #expect(query.verdict(on: failed, id: 0xABCD) == .failed)
        var nameError = good
        nameError[3] = 0x83
        #expect(query.verdict(on: nameError, id: 0xABCD) == .answer([0, 7] + nameError.dropFirst(2)))
    }
}
