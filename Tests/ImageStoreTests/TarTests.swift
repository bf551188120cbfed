import Kernel
import Testing

@testable import ImageStore

/// Bytes in memory, given out in pieces of an odd size.
final class MemorySource: ByteSource {
    let name = "test.tar"
    private var rest: ArraySlice<UInt8>
    init(_ bytes: [UInt8]) { rest = bytes[...] }
    func read(upTo limit: Int) -> [UInt8] {
        let piece = Array(rest.prefix(min(limit, 333)))
        rest.removeFirst(piece.count)
        return piece
    }
    func finish() {}
}

private let end = [UInt8](repeating: 0, count: 1024)

private func archive(_ entries: [(TarEntry, [UInt8])]) -> [UInt8] {
    entries.flatMap { TarWriter.header($0.0) + $0.1 + TarWriter.padding(Int64($0.1.count)) } + end
}

private func file(_ path: String, _ content: [UInt8] = []) -> (TarEntry, [UInt8]) {
    var entry = TarEntry(path: Array(path.utf8), kind: .file)
    entry.size = Int64(content.count)
    return (entry, content)
}

private func read(_ bytes: [UInt8], needsEndMark: Bool = true) throws(ImageError) -> [(TarEntry, [UInt8])] {
    var reader = TarReader(MemorySource(bytes), needsEndMark: needsEndMark)
    var found: [(TarEntry, [UInt8])] = []
    while let entry = try reader.next() { found.append((entry, try reader.wholeContent())) }
    return found
}

/// One header whose fields are replaced and whose checksum is made right again.
private func header(_ path: String, _ fields: [(Int, [UInt8])]) -> [UInt8] {
    var block = TarWriter.header(file(path).0)
    for (place, bytes) in fields { block.replaceSubrange(place..<(place + bytes.count), with: bytes) }
    block.replaceSubrange(148..<156, with: Array("        ".utf8))
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    block.replaceSubrange(
        148..<155, with: Array((String(repeating: "0", count: 6 - sum.count) + sum).utf8) + [0])
    return block
}

private func pax(_ records: String, before path: String, _ content: [UInt8] = []) -> [UInt8] {
    let body = Array(records.utf8)
    var extended = TarEntry(path: Array("pax".utf8), kind: .file)
    extended.size = Int64(body.count)
    var block = TarWriter.header(extended)
    block[156] = UInt8(ascii: "x")
    let sum = String((0..<512).reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }, radix: 8)
    block.replaceSubrange(
        148..<155, with: Array((String(repeating: "0", count: 6 - sum.count) + sum).utf8) + [0])
    return block + body + TarWriter.padding(extended.size) + archive([file(path, content)])
}

@Suite struct TarTests {
    @Test func everyKindIsReadBackAsItWasWritten() throws {
        var entries = [
            file("a/file", Array("content".utf8)), file(String(repeating: "long/", count: 60) + "name"),
        ]
        let kinds: [TarEntry.Kind] = [
            .directory, .fifo, .hardLink(to: Array("a/file".utf8)),
            .symbolicLink(to: Array(String(repeating: "x", count: 300).utf8)),
            .characterDevice(DeviceNumber(major: 5, minor: 1)),
            .blockDevice(DeviceNumber(major: 259, minor: 70000)),
        ]
        for (index, kind) in kinds.enumerated() {
            var entry = TarEntry(path: Array("kind-\(index)".utf8), kind: kind)
            (entry.mode, entry.uid, entry.gid) = (0o4711, 3_000_000_000, 12)
            entry.modifiedAt = 1_700_000_000_000_000_000
            entry.attributes = [.init(name: "security.capability", value: [1, 0, 10, 61, 255])]
            entries.append((entry, []))
        }
        let found = try read(archive(entries))
        #expect(found.map(\.0) == entries.map(\.0))
        #expect(found.map(\.1) == entries.map(\.1))
    }

    @Test func theSameEntriesGiveTheSameBytes() {
        #expect(archive([file("b"), file("a", [1])]) == archive([file("b"), file("a", [1])]))
    }

    @Test func longNamesOfGNUAreRead() throws {
        let name = Array((String(repeating: "n", count: 180) + "\0").utf8)
        var long = header("././@LongLink", [(156, [UInt8(ascii: "L")]), (124, Array("00000000265\0".utf8))])
        long += name + TarWriter.padding(Int64(name.count))
        #expect(
            try read(long + archive([file("short")]))[0].0.shownPath == String(repeating: "n", count: 180))
    }

    @Test func numbersInBase256AreRead() throws {
        var size = [UInt8](repeating: 0, count: 12)
        (size[0], size[11]) = (0x80, 3)
        let content: [UInt8] = [7, 8, 9]
        let found = try read(header("big", [(124, size)]) + content + TarWriter.padding(3) + end)
        #expect(found[0].0.size == 3 && found[0].1 == content)
        let time = [UInt8](repeating: 0xff, count: 12)
        #expect(try read(header("old", [(136, time)]) + end)[0].0.modifiedAt == -1_000_000_000)
    }

    @Test(arguments: [
        ("22 mtime=1700000000.5\n", Int64(1_700_000_000_500_000_000)), ("14 mtime=-1.5\n", -1_500_000_000),
        ("29 mtime=99999999999999999.1\n", 9_000_000_000_100_000_000),
    ])
    func timesHaveFractions(_ record: String, _ time: Int64) throws {
        #expect(try read(pax(record, before: "f"))[0].0.modifiedAt == time)
    }

    @Test(arguments: [
        ("12 path=a/b\n", "a/b"), ("12 path=a/b\n11 path=cd\n", "cd"), ("8 path=\n", "plain"),
    ])
    func theLastRecordCounts(_ records: String, _ path: String) throws {
        #expect(try read(pax(records, before: "plain"))[0].0.shownPath == path)
    }

    @Test(arguments: [
        "5 path=a\n", "99 path=a\n", "path=a\n", "10 path=a/b", "7 =abc\n", "18446744073709551617 a=b\n",
        "14 size=-5555\n", "22 GNU.sparse.major=1\n", "13 mtime=abc\n", "13 path=a\0bcd\n",
        // A character may have more bytes than one.
        "22 mtime=1.\u{bd}\u{bd}\u{bd}\u{bd}\u{bd}\n", "12 mtime=+1\n", "14 mtime=1.+5\n", "11 mtime=.\n",
    ])
    func malformedRecordsAreRefused(_ records: String) {
        let text = failure { () throws(ImageError) in _ = try read(pax(records, before: "f")) }
        #expect(text.hasPrefix("test.tar: "), "\(text)")
    }

    @Test(arguments: [
        (156, "S", "sparse"), (156, "D", "type \"D\""), (124, "0000000000x", "octal"),
        (148, "0000000", "checksum"),
    ])
    func badHeadersAreRefused(_ place: Int, _ value: String, _ reason: String) {
        var block = header("bad", [(place, Array(value.utf8))])
        if place == 148 { block.replaceSubrange(148..<155, with: Array(value.utf8)) }
        let text = failure { () throws(ImageError) in _ = try read(block + end) }
        #expect(text.contains(reason) && text.contains("test.tar"), "\(text)")
    }

    @Test func aCutArchiveIsRefusedWhereverItIsCut() throws {
        let whole = archive([file("one", [UInt8](repeating: 1, count: 700)), file("two")])
        for length in stride(from: 100, to: whole.count - 1024, by: 97) {
            let text = failure { () throws(ImageError) in _ = try read(Array(whole[..<length])) }
            #expect(text.contains("truncated"), "\(length): \(text)")
        }
        // Between two entries only the missing mark tells.
        #expect(try read(Array(whole[..<1536]), needsEndMark: false).count == 1)
    }

    @Test func aHeaderOfAGigabyteIsNotRead() {
        let block = header("pax", [(156, [UInt8(ascii: "x")]), (124, Array("10000000000\0".utf8))])
        #expect(failure { () throws(ImageError) in _ = try read(block + end) }.contains("at most"))
    }

    @Test func aSizeNoDiskHasIsRefused() throws {
        var size = [UInt8](repeating: 0xff, count: 12)
        for index in 0..<4 { size[index] = 0 }
        (size[0], size[4]) = (0x80, 0x7f)
        let block = header("huge", [(124, size)])
        // Skipped, not read: that is where a sum overflowed.
        let text = failure { () throws(ImageError) in
            var reader = TarReader(MemorySource(block + end), needsEndMark: true)
            while try reader.next() != nil {}
        }
        #expect(text.contains("a file of 9223372036854775807 bytes"), "\(text)")
    }

    /// Whatever the bytes are, it ends with entries or with an error.
    @Test func changedBytesNeverEndTheProgram() {
        var entry = TarEntry(path: Array(String(repeating: "p", count: 120).utf8), kind: .file)
        entry.attributes = [.init(name: "user.a", value: [1])]
        let whole = archive([(entry, []), file("a", [UInt8](repeating: 65, count: 600)), file("b")])
        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            // The checksums are made right, or hardly anything would get past them.
            for start in stride(from: 0, to: bytes.count, by: 512)
            where bytes[start + 257] == UInt8(ascii: "u") {
                let sum = bytes[start..<(start + 512)].enumerated().reduce(0) {
                    $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
                }
                let digits = String(sum, radix: 8)
                let text = String(repeating: "0", count: 6 - digits.count) + digits
                bytes.replaceSubrange((start + 148)..<(start + 155), with: Array(text.utf8) + [0])
            }
            _ = failure { () throws(ImageError) in _ = try read(bytes, needsEndMark: random(2) == 0) }
        }
    }

    @Test func anOwnerThatMeansNobodyIsRefused() {
        let text = failure { () throws(ImageError) in _ = try read(pax("18 uid=4294967295\n", before: "f")) }
        #expect(text.contains("owner"))
    }
}

@Suite struct LayerPathTests {
    @Test(arguments: [
        ("./a/b", "a/b"), ("a//b/", "a/b"), ("./", ""), (".", ""), ("a/./b", "a/b"), ("...", "..."),
    ])
    func pathsAreNamesOneAfterTheOther(_ path: String, _ text: String) throws {
        #expect(try LayerPath(Array(path.utf8)).text == text)
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "../a", "a/../b", "a/..", "a\0b", String(repeating: "x", count: 256),
        String(repeating: "a/", count: 2048),
    ])
    func pathsWhichLeadElsewhereAreRefused(_ path: String) {
        #expect(throws: LayerPath.Refusal.self) { try LayerPath(Array(path.utf8)) }
    }

    @Test func aNameNeedNotBeText() throws {
        #expect(try LayerPath([0xff, 0xfe]).names[0].bytes == [0xff, 0xfe])
    }

    @Test(arguments: [".wh.", ".wh..", ".wh..."]) func aWhiteoutOfNoNameIsRefused(_ name: String) throws {
        let name = try #require(EntryName(name))
        #expect(throws: LayerPath.Refusal.self) { try Whiteout(name) }
    }

    @Test func whiteoutsAreToldByTheirNames() throws {
        let hidden = try #require(EntryName("a"))
        #expect(try Whiteout(#require(EntryName(".wh.a"))) == .name(hidden))
        #expect(try Whiteout(#require(EntryName(".wh..wh..opq"))) == .directory)
        #expect(try Whiteout(#require(EntryName(".wh..wh.plnk"))) == .note)
        #expect(try Whiteout(#require(EntryName("wh.a"))) == nil)
    }
}
