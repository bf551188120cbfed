import OverlayControl
import Testing

@Suite struct WatchFramesTests {
    private static let stream = #"{"a":"}\"{"}"# + "\n" + #"{"b":[{"c":{}}]}{"d":"\\"}"# + "\r\n  "
    private static let objects = [#"{"a":"}\"{"}"#, #"{"b":[{"c":{}}]}"#, #"{"d":"\\"}"#]

    @Test(arguments: 1...40) func piecesOfAnySizeGiveTheSameObjects(_ size: Int) throws {
        var frames = WatchFrames(limit: 1000)
        var found: [[UInt8]] = []
        let bytes = Array(Self.stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += try frames.append(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == Self.objects)
        #expect(!frames.isInside)
    }

    @Test func anObjectIsToldBeforeTheLineEnds() throws {
        var frames = WatchFrames(limit: 1000)
        #expect(try frames.append(Array(#"{"error":{}}"#.utf8)).count == 1)
    }

    @Test func halfAnObjectIsWaitedFor() throws {
        var frames = WatchFrames(limit: 1000)
        #expect(try frames.append(Array(#"{"a":"#.utf8)).isEmpty)
        #expect(frames.isInside)
    }

    @Test(arguments: ["x", "<html>", "}", "\n]", "\"a\"", "{}7", "\u{0}"])
    func whatIsNoObjectEndsIt(_ text: String) {
        var frames = WatchFrames(limit: 1000)
        #expect(throws: WatchFrames.Flaw.self) { try frames.append(Array(text.utf8)) }
    }

    @Test func anObjectHasALimit() throws {
        var frames = WatchFrames(limit: 100)
        _ = try frames.append(Array("{\"a\":\"".utf8))
        #expect(throws: WatchFrames.Flaw.tooLarge(limit: 100)) {
            for _ in 0..<100 { _ = try frames.append([UInt8](repeating: 97, count: 10)) }
        }
    }

    @Test func manySmallObjectsHaveNone() throws {
        var frames = WatchFrames(limit: 100)
        let one = Array("{\"a\":1}\n".utf8)
        #expect(try frames.append([[UInt8]](repeating: one, count: 1000).joined()).count == 1000)
    }

    /// A large message in pieces of a socket's size: the time is that of its bytes, not of their square.
    @Test func timeGrowsWithTheBytes() throws {
        let small = try seconds(toRead: 500)
        let large = try seconds(toRead: 4000)
        #expect(large < 8 * 4 * max(small, 0.01))
    }

    private func seconds(toRead pieces: Int) throws -> Double {
        var frames = WatchFrames(limit: 64 << 20)
        let piece = [UInt8](repeating: 97, count: 2048)
        let clock = ContinuousClock()
        let time = try clock.measure {
            _ = try frames.append(Array("{\"a\":\"".utf8))
            for _ in 0..<pieces { _ = try frames.append(piece) }
            #expect(try frames.append(Array("\"}".utf8)).first?.count == pieces * 2048 + 8)
        }
        return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    }
}

@Suite struct WatchPositionsTests {
    @Test func whatWasBehindGoesOnWhereItWas() {
        var first = WatchPositions(["a/", "b/"], after: 5)
        #expect(first.tell("a/", 9) == 9)
        // The other one catches up, and breaks off.
        #expect(first.tell("b/", 7) == 9)
        let next = WatchPositions(["a/", "b/", "c/"], after: 9, goingOnFrom: first)
        #expect(next.position("a/") == 9 && next.position("b/") == 7 && next.position("c/") == 9)
    }

    @Test func whoBeginsElsewhereIsNotHeldBack() {
        var first = WatchPositions(["a/", "b/"], after: 5)
        _ = first.tell("a/", 9)
        #expect(WatchPositions(["a/", "b/"], after: 12, goingOnFrom: first).position("b/") == 12)
    }
}

@Suite struct EndpointOrderTests {
    @Test func whoAnswersIsAskedFirstAndWhoFailsLast() {
        var order = EndpointOrder(["a", "b", "c"])
        order.failed("a")
        #expect(order.endpoints == ["b", "c", "a"])
        order.answered("c")
        #expect(order.endpoints == ["c", "b", "a"])
        order.answered("z")
        order.failed("z")
        #expect(order.endpoints == ["c", "b", "a"])
    }
}
