import Kernel
import Testing

@testable import Netlink

@Suite struct MessageTests {
    @Test func aMessageKnowsItsLengthAndPadsItsAttributes() {
        var message = NetlinkMessage(16, [.request, .acknowledge], header: [1, 2, 3, 4], request: "r")
        message.put(3, "eth0")
        message.nest(18) { $0.put(1, UInt8(7)) }
        message.stamp(sequence: 5, port: 6)
        #expect(
            message.bytes
                == [
                    52, 0, 0, 0, 16, 0, 5, 0, 5, 0, 0, 0, 6, 0, 0, 0, 1, 2, 3, 4, 9, 0, 3, 0, 101, 116, 104,
                    48, 0, 0, 0, 0,
                    12, 0, 18, 0x80, 5, 0, 1, 0, 7, 0, 0, 0,
                ].withLength)
    }

    /// CVE-2021-43784: 70,000 bytes whose length says 4,468 would be followed by attributes out of the text itself.
    @Test func anAttributeLongerThanItsLengthIsNotSent() throws {
        let name = String(repeating: "a", count: 70_000)
        let error = #expect(throws: NetlinkError.self) {
            try RouteSocket().perform([.setLink(.name("lo"), [.name(name)])])
        }
        #expect(error?.errno == .messageTooLong)
        var nested = NetlinkMessage(16, [], header: [], request: "r")
        nested.nest(18) { for _ in 0..<2 { $0.put(1, [UInt8](repeating: 0, count: 40_000)) } }
        #expect(nested.isTooLong)
    }

    @Test(arguments: [[], [8, 0], [2, 0, 1, 0], [9, 0, 1, 0, 5], [0, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]])
    func attributesWhichDoNotFitEndTheList(_ bytes: [UInt8]) {
        #expect(NetlinkAttributes(bytes[...]).map(\.type).isEmpty)
    }

    @Test func anExplanationStandsBehindAWholeOrACutRequest() {
        let text: [UInt8] = [8, 0, 1, 0] + Array("why".utf8) + [0]
        let head: [UInt8] = [0xEA, 0xFF, 0xFF, 0xFF, 20, 0, 0, 0] + [UInt8](repeating: 0, count: 12)
        #expect(explanation((head + text)[...], 0x300) == "why")
        #expect(explanation((head + [1, 2, 3, 4] + text)[...], 0x200) == "why")
        #expect(explanation((head + text)[...], 0) == "")
        #expect(explanation([0xEA, 0xFF], 0x300) == "")
    }

    @Test func repliesAreSortedByNumber() {
        let messages = ["a", "b"].map { NetlinkMessage(1, [], header: [], request: $0) }
        var replies = Replies(messages[...], first: 7)
        let answer: [UInt8] = [20, 0, 0, 0, 16, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9]
        let error: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0xEF, 0xFF, 0xFF, 0xFF]
        let success: [UInt8] = [36, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let rest = [UInt8](repeating: 0, count: 16)
        replies.take((answer + error + rest)[...])
        #expect(!replies.areComplete && replies.request == "b")
        replies.take((success + rest)[...])
        #expect(replies.areComplete && replies.answers.map(\.count) == [0, 1])
        #expect(replies.failure?.errno == .exists && replies.failure?.request == "a")
    }

    /// Found by the fuzzer: the number was turned round, which the smallest cannot be.
    @Test func anErrorNumberMayBeTheSmallest() {
        var replies = Replies([NetlinkMessage(1, [], header: [], request: "a")][...], first: 7)
        replies.take(
            [36, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80][...]
                + [UInt8](repeating: 0, count: 16))
        #expect(replies.areComplete && replies.failure?.errno?.rawValue == .max)
    }
}

extension [UInt8] {
    /// With the length a message of these bytes writes first.
    fileprivate var withLength: [UInt8] { [UInt8(count), 0, 0, 0] + dropFirst(4) }
}
