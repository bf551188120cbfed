internal import Digest
internal import OCISpec

/// What a compiled filter depends on, as one hash: the profile, this machine, libseccomp, and our own additions.
struct ProfileKey: Hashable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// Raised when ``unknownCallStub(_:)`` or the use of the library changes.
    private static let formatVersion: UInt32 = 1

    init(_ profile: OCISpec.Seccomp) { bytes = SHA256.hash(Self.serialize(profile)) }

    /// The name of the cached file.
    var fileName: String { hexadecimal(bytes) }

    /// One text for one meaning: every list and text has its length in front, so no two profiles run together.
    private static func serialize(_ profile: OCISpec.Seccomp) -> [UInt8] {
        var out = Writer()
        let version = Library.version
        for number in [formatVersion, version.0, version.1, version.2, Library.nativeToken] {
            out.add(number)
        }
        out.add(profile.defaultAction.code(profile.defaultErrnoRet))
        out.add(UInt32(profile.architectures.count))
        for architecture in profile.architectures { out.add(architecture.rawValue) }
        out.add(UInt32(profile.syscalls.count))
        for rule in profile.syscalls {
            out.add(rule.action.code(rule.errnoRet))
            out.add(UInt32(rule.names.count))
            for name in rule.names { out.add(name) }
            out.add(UInt32(rule.args.count))
            for argument in rule.args { out.add(argument) }
        }
        return out.bytes
    }
}

private struct Writer {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16384) }

    mutating func add(_ number: UInt32) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }

    mutating func add(_ number: UInt64) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }

    mutating func add(_ text: String) {
        add(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func add(_ argument: OCISpec.Seccomp.Argument) {
        add(argument.index)
        add(argument.op.rawValue)
        add(argument.value)
        add(argument.valueTwo)
    }
}
