internal import Kernel

/// Writes a tar archive: the same entries give the same bytes. ustar, with pax records where they are needed.
struct TarWriter: ~Copyable {
    private let name: String
    private let file: FileDescriptor

    /// `name`: what an error calls the file.
    init(_ file: consuming FileDescriptor, name: String) {
        self.file = file
        self.name = name
    }

    /// Writes a file whose content is in memory.
    borrowing func add(_ path: String, _ content: [UInt8]) throws(ImageError) {
        var entry = TarEntry(path: Array(path.utf8), kind: .file)
        entry.size = Int64(content.count)
        try write(Self.header(entry) + content + Self.padding(entry.size))
    }

    /// Writes a directory.
    borrowing func addDirectory(_ path: String) throws(ImageError) {
        var entry = TarEntry(path: Array(path.utf8), kind: .directory)
        entry.mode = 0o755
        try write(Self.header(entry))
    }

    /// Writes a file of `size` bytes, all of `content`.
    borrowing func add(_ path: String, size: Int64, _ content: any ByteSource) throws(ImageError) {
        var entry = TarEntry(path: Array(path.utf8), kind: .file)
        entry.size = size
        try write(Self.header(entry))
        var left = size
        while case let bytes = try content.read(upTo: 1 << 18), !bytes.isEmpty {
            left -= Int64(bytes.count)
            if left < 0 { break }
            try write(bytes)
        }
        guard left == 0 else {
            throw .archive(content.name, entry: "", reason: "it is not \(size) bytes long")
        }
        try write(Self.padding(size))
    }

    /// Writes an entry without content.
    borrowing func add(_ entry: TarEntry) throws(ImageError) { try write(Self.header(entry)) }

    /// Writes a file, with the content `file` holds from its position on. What is missing of it is filled with zeros.
    borrowing func add(_ entry: TarEntry, _ file: borrowing FileDescriptor) throws(ImageError) {
        try write(Self.header(entry))
        var left = entry.size
        while left > 0 {
            let limit = Int(min(left, 1 << 18))
            let more = try step("read \(entry.shownPath)") { () throws(SystemError) in
                try file.read(upTo: limit)
            }
            // It has become shorter since somebody asked.
            let bytes = more.isEmpty ? [UInt8](repeating: 0, count: limit) : more
            left -= Int64(bytes.count)
            try write(bytes)
        }
        try write(Self.padding(entry.size))
    }

    /// Writes the end mark.
    borrowing func finish() throws(ImageError) { try write([UInt8](repeating: 0, count: 1024)) }

    private borrowing func write(_ bytes: [UInt8]) throws(ImageError) {
        do throws(SystemError) { try file.write(bytes) } catch {
            throw .system(step: "write \(name)", reason: "\(error)")
        }
    }
}

extension TarWriter {
    /// Zeros up to the end of the content's last block.
    static func padding(_ size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((512 - size % 512) % 512))
    }

    /// The header of `entry`, with an extended one in front where a value does not fit.
    static func header(_ entry: TarEntry) -> [UInt8] {
        let link: [UInt8] =
            switch entry.kind {
            case .hardLink(let target), .symbolicLink(let target): target
            default: []
            }
        var records: [UInt8] = []
        if entry.path.count > 100 { records += record("path", entry.path) }
        if link.count > 100 { records += record("linkpath", link) }
        for (key, number) in [
            ("size", entry.size), ("uid", Int64(entry.uid)), ("gid", Int64(entry.gid)),
        ] where !fits(number, key == "size" ? 11 : 7) {
            records += record(key, Array("\(number)".utf8))
        }
        for attribute in entry.attributes.sorted(by: { $0.name < $1.name }) {
            records += record("SCHILY.xattr.\(attribute.name)", attribute.value)
        }
        let plain = block(entry, link: link)
        guard !records.isEmpty else { return plain }
        var extended = TarEntry(path: Array("PaxHeaders/record".utf8), kind: .file)
        extended.size = Int64(records.count)
        return block(extended, link: [], type: "x") + records + padding(extended.size) + plain
    }

    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        // The length counts its own digits.
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length {
            length = String(length).utf8.count + rest.count
        }
        return Array(String(length).utf8) + rest
    }

    private static func fits(_ number: Int64, _ digits: Int) -> Bool { number >> (3 * Int64(digits)) == 0 }

    private static func block(_ entry: TarEntry, link: [UInt8], type: Unicode.Scalar? = nil) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.size)
        let seconds = max(0, entry.modifiedAt.flooredSeconds.seconds)
        put(entry.path.prefix(100), at: 0, in: &block)
        put(octal(Int64(entry.mode), 7), at: 100, in: &block)
        put(octal(Int64(entry.uid), 7), at: 108, in: &block)
        put(octal(Int64(entry.gid), 7), at: 116, in: &block)
        put(octal(entry.size, 11), at: 124, in: &block)
        put(octal(seconds, 11), at: 136, in: &block)
        put(Array("        ".utf8), at: 148, in: &block)
        block[156] = UInt8(ascii: type ?? self.type(entry.kind))
        put(link.prefix(100), at: 157, in: &block)
        put(Array("ustar\u{0}00".utf8), at: 257, in: &block)
        if case .characterDevice(let device) = entry.kind { put(device, in: &block) }
        if case .blockDevice(let device) = entry.kind { put(device, in: &block) }
        put(octal(block.reduce(0) { $0 + Int64($1) }, 6) + [0, UInt8(ascii: " ")], at: 148, in: &block)
        return block
    }

    private static func put(_ device: DeviceNumber, in block: inout [UInt8]) {
        put(octal(Int64(device.major), 7), at: 329, in: &block)
        put(octal(Int64(device.minor), 7), at: 337, in: &block)
    }

    private static func put(_ bytes: some Collection<UInt8>, at place: Int, in block: inout [UInt8]) {
        block.replaceSubrange(place..<(place + bytes.count), with: bytes)
    }

    /// `digits` octal digits; zeros for a number which needs more and stands in an extended header.
    private static func octal(_ number: Int64, _ digits: Int) -> [UInt8] {
        let text = fits(number, digits) ? String(number, radix: 8) : "0"
        return Array((String(repeating: "0", count: digits - text.utf8.count) + text).utf8)
    }

    private static func type(_ kind: TarEntry.Kind) -> Unicode.Scalar {
        switch kind {
        case .file: "0"
        case .hardLink: "1"
        case .symbolicLink: "2"
        case .characterDevice: "3"
        case .blockDevice: "4"
        case .directory: "5"
        case .fifo: "6"
        }
    }
}
