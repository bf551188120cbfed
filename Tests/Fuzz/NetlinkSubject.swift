import Addressing

@testable import NFTables
@testable import Netlink

/// What the kernel answers, with hostile bytes: each packet is taken apart as everything it could be.
func testNetlink(_ input: [UInt8]) {
    let questions = (0..<3).map { NetlinkMessage(16, [.request], header: [], request: "question \($0)") }
    var replies = Replies(questions[...], first: 1)
    replies.take(input[...])
    _ = (replies.areComplete, replies.failure?.description, replies.request)
    for answer in replies.answers.joined() {
        if let link = Link(answer) {
            require(link.alternativeNames.count <= input.count, "more names than bytes")
        }
        _ = InterfaceAddress(answer)
        _ = Route(answer)
        _ = NeighbourEntry(answer)
        _ = Connection(answer)
        let rule = ListedRule(answer)
        require(rule.steps.count <= input.count, "more steps than bytes")
        for family in Table.Family.allCases { _ = ListedHook(answer, family) }
        for set in sets {
            for element in elements(answer, of: set) {
                require(element.key.count == set.key.count, "an element with half a key")
                _ = element.description
            }
        }
    }
}

private let sets = [
    ElementSet("a", [.ipv4Address]), ElementSet("b", [.ipv6Address], gives: [.interfaceName]),
    ElementSet("c", [.interfaceName, .etherAddress]),
    ElementSet("d", [.protocolNumber, .portNumber], gives: [.ipv4Address, .portNumber], hasRanges: true),
]

/// A packet with one more message of a kind the kernel sends, or with a length that does not fit.
func mutatedPacket(_ input: [UInt8], _ lottery: inout Lottery) -> [UInt8]? {
    guard lottery.below(3) == 0 || input.count < 16 else {
        var bytes = input
        let place = lottery.below(bytes.count / 4) * 4
        bytes.replace(at: place, number: UInt16(truncatingIfNeeded: lottery.below(64)))
        return bytes
    }
    return input + message(&lottery).bytes
}

private func message(_ lottery: inout Lottery) -> NetlinkMessage {
    // rtnetlink's messages, those of nf_tables and of connections, an error, the end of a dump.
    let types: [UInt16] = [16, 20, 24, 28, 0xA06, 0xA03, 0xA0C, 0x100, 2, 3]
    let header = [UInt8](repeating: 0, count: lottery.pick([4, 8, 12, 16, 20]))
    var message = NetlinkMessage(
        lottery.pick(types), lottery.pick([[], .acknowledge, .dump, .exclusive]), header: header, request: "")
    message.stamp(sequence: UInt32(1 + lottery.below(3)), port: 0)
    for _ in 0..<lottery.below(6) { put(in: &message, depth: 0, &lottery) }
    return message
}

private func put(in message: inout NetlinkMessage, depth: Int, _ lottery: inout Lottery) {
    let type = UInt16(lottery.below(20))
    guard depth == 4 || lottery.below(2) == 0 else {
        var inner = lottery
        message.nest(type) { nested in
            for _ in 0..<inner.below(4) { put(in: &nested, depth: depth + 1, &inner) }
        }
        lottery = inner
        return
    }
    let values: [[UInt8]] = [
        [], [1], [0, 80], [10, 0, 0, 1], [2, 0x42, 10, 0, 0, 1], Array("veth0".utf8) + [0],
        [UInt8](repeating: 0xfd, count: 16), [0, 5, 65, 66, 67, 68, 0], Array("bridge".utf8) + [0],
    ]
    message.put(type, lottery.pick(values))
}
