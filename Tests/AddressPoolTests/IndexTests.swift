import AddressPool
import Addressing
import Foundation
import Testing

@Suite struct IndexTests {
    /// A naive pool beside the real one: the same calls, and changes behind the back of the index.
    @Test(arguments: 0..<8) func theIndexNeverDisagreesWithTheFiles(_ seed: UInt64) throws {
        let scratch = try Scratch()
        var random = Lottery(state: seed)
        var model = Model()
        let sets = [try set("10.1.0.0/26"), try set("fd00::/122", "fd00::8", "fd00::20")]
        for step in 0..<400 {
            let name = "c\(Int.random(in: 0..<60, using: &random))"
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<9:
                let order = Bool.random(using: &random) ? RangeSet.Order.lowest : .sequential
                let got = try? scratch.allocate(name, sets, order: order)
                #expect(got == model.allocate(name, order), "step \(step)")
            case 9..<15: #expect(try scratch.release(name) == model.release(name), "step \(step)")
            case 15:
                let host = Int.random(in: 2..<62, using: &random)
                guard model.owners["10.1.0.\(host)"] == nil else { continue }
                try scratch.put("10.1.0.\(host)", "\(name)\r\neth0")
                model.owners["10.1.0.\(host)"] = name
            case 16:
                guard let some = model.owners.keys.sorted().first else { continue }
                try scratch.remove(some)
                model.owners[some] = nil
            case 17: try scratch.removeIndex()
            case 18: try scratch.put(".new", "c9999\r\neth0")
            default: try scratch.put("10.1.0.62", "")
            }
        }
        let owners = try scratch.files().filter { IPAddress($0.key) != nil && !$0.value.isEmpty }
        #expect(owners == model.owners.mapValues { $0 + "\r\neth0" })
    }

    @Test func anAlmostFullSetIsFoundItsHole() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.place.path, withIntermediateDirectories: true)
        for host in 2..<65535 where host != 40000 {
            let file = open(
                "\(scratch.place.path)/10.1.\(host >> 8).\(host & 255)", O_CREAT | O_WRONLY, 0o644)
            let text = "c\(host)\r\neth0"
            #expect(write(file, text, text.utf8.count) == text.utf8.count)
            close(file)
        }
        let sets = [try set("10.1.0.0/16")]
        #expect(try scratch.allocate("new", sets) == ["10.1.156.64"])
        #expect(throws: PoolError.exhausted(number: 0, set: "10.1.0.1-10.1.255.254")) {
            _ = try scratch.allocate("more", sets)
        }
        #expect(try scratch.release("c65534") == ["10.1.255.254"])
        #expect(try scratch.release("c3") == ["10.1.0.3"])
        #expect(try scratch.allocate("x", sets) == ["10.1.255.254"])
        #expect(try scratch.allocate("y", sets) == ["10.1.0.3"])
    }

    @Test func manyRangesDoNotFillTheIndex() throws {
        let scratch = try Scratch()
        for number in 1...200 {
            let sets = [try set("10.\(number).0.0/24"), try set("fd00:\(number)::/64")]
            #expect(try scratch.allocate("c\(number)", sets) == ["10.\(number).0.2", "fd00:\(number)::2"])
        }
        for number in 1...200 {
            #expect(try scratch.release("c\(number)") == ["10.\(number).0.2", "fd00:\(number)::2"])
        }
    }

    @Test func wideRangesAreLookedThroughBehindTheirBitmap() throws {
        let scratch = try Scratch()
        let sets = [try set("fd00::/64")]
        let far = try address("fd00::1:0:0")
        #expect(try scratch.allocate("far", sets, [far]) == ["fd00::1:0:0"])
        try scratch.put("fd00::1:0:1", "other\r\neth0")
        #expect(try scratch.allocate("next", sets) == ["fd00::1:0:2"])
        #expect(try scratch.allocate("low", sets, order: .lowest) == ["fd00::2"])
        let end = try address("fd00::ffff:ffff:ffff:ffff")
        #expect(try scratch.allocate("end", sets, [end]) == ["\(end)"])
        #expect(try scratch.allocate("wrap", sets) == ["fd00::3"])
    }

    @Test func theIndexGoesWithTheLastAddress() throws {
        let scratch = try Scratch()
        _ = try scratch.allocate("a", [try set("10.1.0.0/24")])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.place.runDirectory).count == 1)
        try scratch.release("a")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.place.runDirectory) == [])
    }

    @Test func withoutARunDirectoryEverythingStillWorks() throws {
        let scratch = try Scratch()
        scratch.place.runDirectory = "/proc/nowhere"
        let sets = [try set("10.1.0.0/24")]
        #expect(try scratch.allocate("a", sets) == ["10.1.0.2"])
        #expect(try scratch.allocate("b", sets) == ["10.1.0.3"])
        #expect(try scratch.release("a") == ["10.1.0.2"])
    }

    /// The header's numbers, one by one: capacity, used, live, the count of bitmaps, and the first bitmap's five.
    @Test(arguments: [7, 8, 9, 10, 16, 17, 18, 19, 20], [.max, 1 << 62, 3] as [UInt64])
    func anIndexOfNonsenseIsMadeAnew(_ word: Int, _ value: UInt64) throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24")]
        _ = try scratch.allocate("a", sets)
        let run = scratch.place.runDirectory
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: run).first)
        let file = try #require(FileHandle(forUpdatingAtPath: "\(run)/\(name)"))
        try file.seek(toOffset: UInt64(word * 8))
        try file.write(contentsOf: withUnsafeBytes(of: value.littleEndian) { Data($0) })
        try file.close()
        let given = try scratch.allocate("b", sets)
        #expect(given == ["10.1.0.3"])
        #expect(try scratch.release("a") == ["10.1.0.2"])
    }

    @Test func aRebootFreesWhatWasSeenBeforeIt() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24")]
        _ = try scratch.allocate("ours", sets)
        try scratch.put("10.1.0.50", "reference\r\neth0")
        _ = try scratch.allocate("later", sets)
        scratch.place.boot = BootID("99999999-2222-3333-4444-555555555555")
        // Made in the new boot, before we are called for the first time.
        try scratch.put("10.1.0.60", "fresh\r\neth0")
        try scratch.remove("10.1.0.3")
        try scratch.put("10.1.0.3", "later\r\neth0")
        _ = try scratch.allocate("new", sets)
        let owners = try scratch.files().filter { !$0.key.hasPrefix("last") }
        #expect(
            owners == [
                "10.1.0.3": "later\r\neth0", "10.1.0.60": "fresh\r\neth0", "10.1.0.4": "new\r\neth0",
            ])
    }
}

/// What the pool should do, the slow way: sets 10.1.0.0/26 and fd00::8 to fd00::20.
private struct Model {
    var owners: [String: String] = [:]
    private var last: [String?] = [nil, nil]
    private let sets = [(2...62).map { "10.1.0.\($0)" }, (8...32).map { "fd00::" + String($0, radix: 16) }]

    mutating func allocate(_ name: String, _ order: RangeSet.Order) -> [String]? {
        var got: [String] = []
        for (number, set) in sets.enumerated() {
            let isThere = owners.contains { $0.value == name && set.contains($0.key) }
            let start = order == .lowest ? 0 : last[number].flatMap(set.firstIndex).map { $0 + 1 } ?? 0
            guard !isThere, let free = (set[start...] + set[..<start]).first(where: { owners[$0] == nil })
            else {
                for address in got { owners[address] = nil }
                return nil
            }
            owners[free] = name
            last[number] = free
            got.append(free)
        }
        return got
    }

    mutating func release(_ name: String) -> [String] {
        let freed = owners.filter { $0.value == name }.keys.sorted()
        for address in freed { owners[address] = nil }
        return freed
    }
}

/// The same numbers for the same seed. SplitMix64.
private struct Lottery: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
