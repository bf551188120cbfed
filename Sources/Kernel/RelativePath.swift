/// The names of a path without a slash in front, one by one. Empty names and slashes at either end do not count.
public struct RelativePath: Hashable, Sendable {
    public private(set) var names: [String] = []

    public init(_ text: String) {
        // By hand: splitting by generic code costs a tenth of a millisecond in a process that does it once.
        var name: [UInt8] = []
        for byte in text.utf8 {
            if byte != UInt8(ascii: "/") {
                name.append(byte)
            } else if !name.isEmpty {
                take(&name)
            }
        }
        if !name.isEmpty { take(&name) }
    }

    private mutating func take(_ name: inout [UInt8]) {
        names.append(String(decoding: name, as: UTF8.self))
        name.removeAll(keepingCapacity: true)
    }

    /// The last name, or `nil` for an empty path.
    public var last: String? { names.last }

    /// The path without its last name.
    public var parent: RelativePath {
        var parent = self
        _ = parent.names.popLast()
        return parent
    }

    /// Takes away names which stand for the directory itself.
    public mutating func removeDots() {
        var kept: [String] = []
        for name in names where name != "." { kept.append(name) }
        names = kept
    }

    /// The names with slashes between them.
    public var text: String {
        var text = ""
        for name in names {
            if !text.isEmpty { text += "/" }
            text += name
        }
        return text
    }
}
