internal import Kernel

/// Compiled filters, one file each, in a directory nobody but the caller can write to.
///
/// Everything here is best effort: what cannot be read is compiled again, what cannot be written is not kept. But a
/// file is used only when it is whole, made for this key, and its owner is the caller: a filter decides what a
/// container may do.
///
///     magic       8 bytes
///     key        32 bytes   the hash of everything the filter depends on
///     checksum    8 bytes   of the body
///     length      8 bytes   of the body
///     body                  array of struct sock_filter
struct ProgramCache {
    let directory: String

    /// Files which are kept; the oldest go first.
    static let capacity = 64
    private static let magic = Array("APUSBPF1".utf8)
    private static let headerSize = 56

    init(directory: String) { self.directory = directory }

    /// The filter for `key`, or `nil` when there is none to trust.
    func read(_ key: ProfileKey) -> [UInt8]? {
        guard let folder = try? FileDescriptor.open(directory, [.directory, .noFollow, .reference]),
            isPrivate(try? folder.status(), .directory),
            let file = try? folder.open(below: key.fileName, .noFollow, resolve: .beneath),
            let status = try? file.status(), isPrivate(status, .regular),
            status.size > Self.headerSize, status.size <= Self.headerSize + 4096 * Instruction.size,
            let bytes = try? file.read(upTo: Int(status.size) + 1), bytes.count == Int(status.size)
        else { return nil }
        let body = Array(bytes[Self.headerSize...])
        guard bytes.starts(with: Self.header(key, body)), body.count % Instruction.size == 0 else {
            return nil
        }
        return body
    }

    /// Keeps the filter for `key`, for the next container with the same profile.
    func write(_ instructions: [UInt8], for key: ProfileKey) {
        do throws(SystemError) {
            try makeDirectories(directory, mode: 0o700)
            let folder = try FileDescriptor.open(directory, [.directory, .noFollow, .reference])
            guard isPrivate(try folder.status(), .directory) else { return }
            // Two runtimes at once write two files, and the later rename wins; a reader sees one or the other.
            let temporary = "\(directory)/.\(key.fileName.prefix(16)).\(processID())"
            try writeNew(temporary, Self.header(key, instructions) + instructions)
            try renameFile(temporary, to: "\(directory)/\(key.fileName)")
            try removeOldest()
        } catch { return }  // Without a cache the next container compiles again.
    }

    private func writeNew(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
        // Left by a runtime which was killed, and had the same pid.
        if fileExists(path) { try removeFile(path) }
        let file = try FileDescriptor.open(path, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
        do throws(SystemError) {
            try file.write(bytes)
        } catch {
            try removeFile(path)
            throw error
        }
    }

    private func removeOldest() throws(SystemError) {
        let names = try listDirectory(directory)
        guard names.count > Self.capacity else { return }
        var aged: [(path: String, time: Int64)] = []
        for name in names {
            let path = "\(directory)/\(name)"
            aged.append((path, try fileStatus(path, following: false).changedAt))
        }
        aged.sort { $0.time < $1.time }
        for file in aged.prefix(names.count - Self.capacity) { try removeFile(file.path) }
    }

    private func isPrivate(_ status: FileStatus?, _ kind: FileStatus.Kind) -> Bool {
        guard let status else { return false }
        return status.kind == kind && status.uid == effectiveUserID() && status.permissions & 0o022 == 0
    }

    private static func header(_ key: ProfileKey, _ body: [UInt8]) -> [UInt8] {
        let numbers = [checksum(body), UInt64(body.count)]
        return magic + key.bytes + numbers.flatMap { number in withUnsafeBytes(of: number) { Array($0) } }
    }

    /// FNV-1a over words of eight bytes: finds damage, not malice, against which the file's owner stands.
    private static func checksum(_ body: [UInt8]) -> UInt64 {
        body.withUnsafeBytes { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                hash =
                    (hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x100_0000_01b3
            }
            return hash
        }
    }
}
