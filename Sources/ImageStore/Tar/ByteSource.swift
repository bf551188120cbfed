internal import Digest
internal import Kernel

/// Bytes one after the other, from a file, a pipe or a program.
protocol ByteSource: AnyObject {
    /// What error text calls it.
    var name: String { get }
    /// At most `limit` bytes, and none only at the end.
    func read(upTo limit: Int) throws(ImageError) -> [UInt8]
    /// Checks, behind the last byte, that there was nothing wrong with where they came from.
    func finish() throws(ImageError)
}

/// The bytes of an open file or pipe, from its position on.
final class FileSource: ByteSource {
    let name: String
    private let file: FileDescriptor

    init(_ file: consuming FileDescriptor, name: String) {
        self.file = file
        self.name = name
    }

    func read(upTo limit: Int) throws(ImageError) -> [UInt8] {
        try step("read \(name)") { () throws(SystemError) in try file.read(upTo: limit) }
    }

    func finish() {}
}

/// What a program unpacks. It is a child process: whatever a crafted archive does to it, it cannot do to this one.
final class ProgramSource: ByteSource {
    let name: String
    private let word: String
    private var program: PipedProgram

    /// Unpacks what `file` holds from its position on.
    init(
        _ file: borrowing FileDescriptor, _ compression: (name: String, package: String), name: String
    ) throws(ImageError) {
        let path = try installedProgram(
            compression.name, package: compression.package, purpose: "unpack \(name)")
        (self.name, word) = (name, compression.name)
        let program = Program(path: path, arguments: [word, "-dc"], environment: ["LC_ALL=C"])
        do throws(SystemError) { self.program = try .start(program, input: file) } catch {
            throw .system(step: "start \(word)", reason: "\(error)")
        }
    }

    func read(upTo limit: Int) throws(ImageError) -> [UInt8] {
        try step("read \(name)") { () throws(SystemError) in try program.output.read(upTo: limit) }
    }

    func finish() throws(ImageError) {
        let (status, text) = try step("wait for \(word)") { () throws(SystemError) in
            try program.finish()
        }
        // gzip(1): 2 is a warning, for example about what follows the end; the digest decides about that.
        guard status == .exited(0) || (word == "gzip" && status == .exited(2)) else {
            let reason = text.split(separator: "\n").first.map(String.init) ?? status.text
            throw .archive(name, entry: "", reason: "it cannot be unpacked: \(reason)")
        }
    }
}

/// The same bytes as another source, hashed on the way and counted up to a limit.
final class CheckedSource: ByteSource {
    let name: String
    private let source: any ByteSource
    private var hasher = SHA256()
    private var left: Int64
    private let limit: Int64

    init(_ source: any ByteSource, limit: Int64) {
        (name, self.source, left, self.limit) = (source.name, source, limit, limit)
    }

    func read(upTo limit: Int) throws(ImageError) -> [UInt8] {
        let bytes = try source.read(upTo: limit)
        left -= Int64(bytes.count)
        guard left >= 0 else {
            throw .archive(name, entry: "", reason: "it unpacks to more than \(self.limit) bytes, the limit")
        }
        hasher.add(bytes)
        return bytes
    }

    func finish() throws(ImageError) { try source.finish() }

    /// Reads to the end; the digest of all bytes.
    func digest() throws(ImageError) -> ContentDigest {
        while try !read(upTo: 1 << 16).isEmpty {}
        try finish()
        return ContentDigest(hasher)
    }
}

/// The absolute path of a program in `PATH`.
func installedProgram(
    _ name: String, package: String, purpose: String
) throws(ImageError) -> String {
    let path = environmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    guard let found = findFile(name, in: path.split(separator: ":")) else {
        throw .missingProgram(name, package: package, purpose: purpose)
    }
    return found
}
