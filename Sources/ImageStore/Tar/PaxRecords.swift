/// Keys and values which replace fields of the next header. pax(1p), "pax Extended Header".
struct PaxRecords {
    private(set) var path: [UInt8]?
    private(set) var link: [UInt8]?
    private(set) var size: Int64?
    private(set) var uid: Int64?
    private(set) var gid: Int64?
    /// Nanoseconds since 1970.
    private(set) var modifiedAt: Int64?
    private(set) var attributes: [TarEntry.Attribute] = []

    init() {}

    /// Reads records, each `LENGTH KEY=VALUE` and a line end, where the length counts all of it.
    init(_ bytes: [UInt8]) throws(TarHeader.Problem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard digits.count < 8, let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 3, length <= rest.count,
                rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw Self.malformed }
            let record = rest.prefix(length - 1).dropFirst(digits.count + 1)
            guard let sign = record.firstIndex(of: UInt8(ascii: "=")), sign != record.startIndex else {
                throw Self.malformed
            }
            try take(String(decoding: record[..<sign], as: UTF8.self), Array(record[(sign + 1)...]))
            rest = rest.dropFirst(length)
        }
    }

    private static let malformed = TarHeader.Problem(reason: "an extended header is malformed")

    private mutating func take(_ key: String, _ value: [UInt8]) throws(TarHeader.Problem) {
        let attribute = "SCHILY.xattr."
        switch key {
        // An empty value takes an earlier one back.
        case "path": path = value.isEmpty ? nil : value
        case "linkpath": link = value.isEmpty ? nil : value
        case "size": size = try Self.whole(value, key)
        case "uid": uid = try Self.whole(value, key)
        case "gid": gid = try Self.whole(value, key)
        case "mtime": modifiedAt = try Self.nanoseconds(value)
        case _ where key.hasPrefix("GNU.sparse."):
            throw TarHeader.Problem(
                reason: "sparse files are not supported; make the archive without --sparse")
        case _ where key.hasPrefix(attribute):
            let name = String(key.dropFirst(attribute.utf8.count))
            attributes.removeAll { $0.name == name }
            attributes.append(.init(name: name, value: value))
        default: break
        }
        guard (path?.contains(0) ?? false) == false, (link?.contains(0) ?? false) == false else {
            throw TarHeader.Problem(reason: "a name with a NUL byte in it")
        }
    }

    private static func whole(_ value: [UInt8], _ key: String) throws(TarHeader.Problem) -> Int64? {
        if value.isEmpty { return nil }
        guard let number = Int64(String(decoding: value, as: UTF8.self)), number >= 0 else {
            throw TarHeader.Problem(reason: "the extended header's \(key) is no number")
        }
        return number
    }

    /// Seconds with a fraction of any length; what a file system cannot hold anyway is cut.
    static func nanoseconds(_ value: [UInt8]) throws(TarHeader.Problem) -> Int64? {
        if value.isEmpty { return nil }
        let isNegative = value.first == UInt8(ascii: "-")
        let parts = value.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : []
        let billionths = (fraction.prefix(9) + [UInt8](repeating: UInt8(ascii: "0"), count: 9)).prefix(9)
        guard (parts[0] + fraction).allSatisfy({ (48...57).contains($0) }),
            let seconds = UInt64(String(decoding: parts[0], as: UTF8.self)),
            let part = Int64(String(decoding: billionths, as: UTF8.self))
        else {
            throw TarHeader.Problem(reason: "the extended header's mtime is no time")
        }
        let whole = Int64(clamping: min(seconds, 9_000_000_000)) * 1_000_000_000 + part
        return isNegative ? -whole : whole
    }
}
