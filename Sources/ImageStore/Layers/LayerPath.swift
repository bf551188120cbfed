internal import Kernel

/// The names on the way from a layer's root to a file. Nothing in it leads up or out.
struct LayerPath: Hashable, Sendable {
    /// Empty for the root itself.
    let names: [EntryName]

    /// Why a path of an archive is not taken.
    struct Refusal: Error { let reason: String }

    init(names: [EntryName]) { self.names = names }

    /// Reads the path of an entry or the target of a hard link.
    init(_ path: [UInt8]) throws(Refusal) {
        guard !path.isEmpty else { throw Refusal(reason: "an empty path") }
        guard path.first != UInt8(ascii: "/") else { throw Refusal(reason: "an absolute path") }
        // PATH_MAX with the NUL at the end.
        guard path.count < 4096 else {
            throw Refusal(reason: "a path of \(path.count) bytes (at most 4095)")
        }
        var names: [EntryName] = []
        for part in path.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            if part.elementsEqual("..".utf8) { throw Refusal(reason: "a path with .. in it") }
            guard let name = EntryName(part) else {
                throw Refusal(reason: "a name with a NUL byte in it, or of more than 255 bytes")
            }
            names.append(name)
        }
        // What is missing on the way is made one below the other, with some of the stack for each.
        guard names.count <= mostDirectoryLevels else {
            throw Refusal(reason: "a path of \(names.count) names (at most \(mostDirectoryLevels))")
        }
        self.names = names
    }

    /// Reads what ``joined`` gives.
    init(joined bytes: [UInt8]) {
        names = bytes.split(separator: UInt8(ascii: "/")).compactMap { EntryName($0) }
    }

    /// All names in one piece, for where many paths are kept: a name by itself takes more than fifty bytes of memory.
    var joined: [UInt8] { Array(names.map(\.bytes).joined(separator: [UInt8(ascii: "/")])) }

    /// The path without its last name.
    var parent: LayerPath { LayerPath(names: names.dropLast()) }

    /// For error text.
    var text: String { names.map(\.description).joined(separator: "/") }
}
