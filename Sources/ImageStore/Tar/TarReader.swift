internal import Kernel

/// Reads the entries of a tar archive one after the other: ustar, pax and GNU. tar(5).
struct TarReader {
    /// Bytes an extended header or a long name may have.
    private static let longestHeader: Int64 = 1 << 20

    private let source: any ByteSource
    private let needsEndMark: Bool
    /// Read, but not yet used.
    private var buffer: [UInt8] = []
    private var start = 0
    /// Of the current entry: content still to come, and what fills its last block.
    private var left: Int64 = 0
    private var padding: Int64 = 0
    private var current: [UInt8] = []

    /// `needsEndMark`: an archive that just stops is refused. Where a digest of the whole is known that is not needed, and
    /// some programs leave the mark out.
    init(_ source: any ByteSource, needsEndMark: Bool) {
        (self.source, self.needsEndMark) = (source, needsEndMark)
    }

    /// The next entry, or `nil` behind the last one. What was not read of the content before is skipped.
    mutating func next() throws(ImageError) -> TarEntry? {
        try skip()
        var records = PaxRecords()
        var (longPath, longLink): ([UInt8]?, [UInt8]?)
        while let header = try header() {
            current = longPath ?? header.path
            switch header.type {
            case UInt8(ascii: "x"): records = try pax(header)
            case UInt8(ascii: "g"): try checkGlobal(header)
            case UInt8(ascii: "L"): longPath = try longName(header)
            case UInt8(ascii: "K"): longLink = try longName(header)
            default: return try entry(header, records, path: longPath, link: longLink)
            }
        }
        return nil
    }

    /// More of the current entry's content; empty at its end.
    mutating func content(upTo limit: Int) throws(ImageError) -> [UInt8] {
        if left == 0 { return [] }
        let bytes = try some(upTo: Int(min(Int64(limit), left)))
        left -= Int64(bytes.count)
        return bytes
    }

    /// All of the current entry's content.
    mutating func wholeContent() throws(ImageError) -> [UInt8] {
        var all: [UInt8] = []
        while case let more = try content(upTo: 1 << 16), !more.isEmpty { all += more }
        return all
    }

    /// An error about the current entry.
    func refused(_ reason: String) -> ImageError {
        .archive(source.name, entry: String(decoding: current, as: UTF8.self), reason: reason)
    }
}

extension TarReader {
    private mutating func header() throws(ImageError) -> TarHeader? {
        guard let block = try block() else {
            if needsEndMark { throw try truncated() }
            return nil
        }
        if block.allSatisfy({ $0 == 0 }) { return nil }
        do throws(TarHeader.Problem) {
            let header = try TarHeader(block)
            guard header.size >= 0 else { throw TarHeader.Problem(reason: "the size is negative") }
            return header
        } catch { throw refused(error.reason) }
    }

    /// A program which could not unpack it any further says why.
    private func truncated() throws(ImageError) -> ImageError {
        try source.finish()
        return refused("it is truncated")
    }

    /// 512 bytes; `nil` where the archive ends.
    private mutating func block() throws(ImageError) -> [UInt8]? {
        var block: [UInt8] = []
        while block.count < TarHeader.size {
            let more = try available(upTo: TarHeader.size - block.count)
            if more.isEmpty { break }
            block += more
        }
        if block.isEmpty { return nil }
        guard block.count == TarHeader.size else { throw try truncated() }
        return block
    }

    private mutating func available(upTo limit: Int) throws(ImageError) -> [UInt8] {
        if start == buffer.count {
            (buffer, start) = (try source.read(upTo: 1 << 16), 0)
        }
        let bytes = Array(buffer[start...].prefix(limit))
        start += bytes.count
        return bytes
    }

    private mutating func some(upTo limit: Int) throws(ImageError) -> [UInt8] {
        let bytes = try available(upTo: limit)
        if bytes.isEmpty { throw try truncated() }
        return bytes
    }

    private mutating func skip() throws(ImageError) {
        left += padding
        padding = 0
        while left > 0 { left -= Int64(try some(upTo: Int(min(left, 1 << 16))).count) }
    }

    private mutating func begin(_ size: Int64) {
        left = size
        padding = (512 - size % 512) % 512
    }

    private mutating func small(_ header: TarHeader) throws(ImageError) -> [UInt8] {
        guard header.size <= Self.longestHeader else {
            throw refused("an extended header of \(header.size) bytes (at most \(Self.longestHeader))")
        }
        begin(header.size)
        let bytes = try wholeContent()
        try skip()
        return bytes
    }

    private mutating func pax(_ header: TarHeader) throws(ImageError) -> PaxRecords {
        let bytes = try small(header)
        do throws(TarHeader.Problem) { return try PaxRecords(bytes) } catch { throw refused(error.reason) }
    }

    /// Global records are comments in practice. Of those which change every entry programs make different things.
    private mutating func checkGlobal(_ header: TarHeader) throws(ImageError) {
        let records = try pax(header)
        guard records.path == nil, records.link == nil, records.size == nil else {
            throw refused("a global extended header with path, linkpath or size")
        }
    }

    private mutating func longName(_ header: TarHeader) throws(ImageError) -> [UInt8] {
        Array(try small(header).prefix { $0 != 0 })
    }

    private mutating func entry(
        _ header: TarHeader, _ records: PaxRecords, path: [UInt8]?, link: [UInt8]?
    ) throws(ImageError) -> TarEntry {
        current = records.path ?? path ?? header.path
        var entry = TarEntry(
            path: current, kind: try kind(header, link: records.link ?? link ?? header.link))
        // Only a file's content stands in the archive, whatever the header of something else says.
        if entry.kind == .file { entry.size = records.size ?? header.size }
        // No disk is so large, and sums of such sizes would overflow.
        guard entry.size < 1 << 60 else { throw refused("a file of \(entry.size) bytes") }
        begin(entry.size)
        entry.mode = UInt32(truncatingIfNeeded: header.mode) & 0o7777
        entry.uid = try owner(records.uid ?? header.uid)
        entry.gid = try owner(records.gid ?? header.gid)
        let (seconds, overflow) = header.modifiedAt.multipliedReportingOverflow(by: 1_000_000_000)
        entry.modifiedAt = records.modifiedAt ?? (overflow ? 0 : seconds)
        entry.attributes = records.attributes
        return entry
    }

    private func kind(_ header: TarHeader, link: [UInt8]) throws(ImageError) -> TarEntry.Kind {
        switch header.type {
        // Before POSIX a directory was a file whose name ends in a slash.
        case 0: current.last == UInt8(ascii: "/") ? .directory : .file
        case UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "1"): .hardLink(to: link)
        case UInt8(ascii: "2"): .symbolicLink(to: link)
        case UInt8(ascii: "3"): .characterDevice(header.device)
        case UInt8(ascii: "4"): .blockDevice(header.device)
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "6"): .fifo
        case UInt8(ascii: "S"):
            throw refused("sparse files are not supported; make the archive without --sparse")
        default:
            throw refused(
                "entries of type \(String(UnicodeScalar(header.type)).debugDescription) are not supported")
        }
    }

    /// The highest number is none: chown(2) takes it as "leave as it is".
    private func owner(_ number: Int64) throws(ImageError) -> UInt32 {
        guard let id = UInt32(exactly: number), id != UInt32.max else {
            throw refused("owner \(number) is out of range")
        }
        return id
    }
}
