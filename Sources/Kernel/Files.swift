internal import CKernel
internal import Glibc

/// All of the file at `path`.
public func readFile(
    _ path: String, _ options: FileDescriptor.OpenOptions = []
) throws(SystemError) -> [UInt8] {
    let file = try FileDescriptor.open(path, options)
    do throws(SystemError) {
        return try file.readAll()
    } catch { throw SystemError(call: error.call, subject: path, errno: error.errno) }
}

/// All of the file at `path` as text, without white space at its end.
public func readText(_ path: String) throws(SystemError) -> String {
    let bytes = try readFile(path)
    let end = bytes.lastIndex { $0 != 10 && $0 != 32 && $0 != 9 && $0 != 0 }
    return String(decoding: bytes[0..<(end.map { $0 + 1 } ?? 0)], as: UTF8.self)
}

/// Writes `text` to an existing file with one write(2), as files of the kernel want it.
public func writeFile(_ path: String, _ text: String) throws(SystemError) {
    let file = try FileDescriptor.open(path, .writeOnly)
    do throws(SystemError) {
        try file.write(text)
    } catch { throw SystemError(call: error.call, subject: path, errno: error.errno) }
}

/// Makes the directory `path`. mkdir(2).
public func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
    _ = try check("mkdir", path) { ck_mkdirat(Int32(CK_AT_FDCWD), path, mode) }
}

/// Makes the directory `path` and those above it which are missing.
public func makeDirectories(_ path: String, mode: UInt32) throws(SystemError) {
    do throws(SystemError) {
        try makeDirectory(path, mode: mode)
    } catch {
        if error.errno == .exists { return }
        guard error.errno == .noEntity, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw error
        }
        try makeDirectories(String(path[..<slash]), mode: mode)
        // Once: a file system like /proc says ENOENT however often it is asked.
        do throws(SystemError) {
            try makeDirectory(path, mode: mode)
        } catch { if error.errno != .exists { throw error } }
    }
}

/// Removes the file `path`. unlink(2).
public func removeFile(_ path: String) throws(SystemError) {
    _ = try check("unlink", path) { ck_unlinkat(Int32(CK_AT_FDCWD), path, 0) }
}

/// Removes the empty directory `path`. rmdir(2).
public func removeDirectory(_ path: String) throws(SystemError) {
    _ = try check("rmdir", path) { ck_unlinkat(Int32(CK_AT_FDCWD), path, Int32(CK_AT_REMOVEDIR)) }
}

/// Exchanges two files, of whatever kind, in one step. renameat2(2), `RENAME_EXCHANGE`.
package func exchangeFiles(_ one: String, _ other: String) throws(SystemError) {
    let here = Int32(CK_AT_FDCWD)
    _ = try check("renameat2", "\(one) and \(other)") { ck_renameat2(here, one, here, other, 2) }
}

/// Gives `old` the name `new`, replacing what was there. rename(2).
public func renameFile(_ old: String, to new: String) throws(SystemError) {
    _ = try check("rename", "\(old) to \(new)") {
        ck_renameat2(Int32(CK_AT_FDCWD), old, Int32(CK_AT_FDCWD), new, 0)
    }
}

/// Where the symbolic link `path` points. readlink(2).
public func readLink(_ path: String) throws(SystemError) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = try check("readlink", path) {
        ck_readlinkat(Int32(CK_AT_FDCWD), path, &buffer, buffer.count)
    }
    return String(decoding: buffer[0..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Names in the directory at `path`, without `.` and `..`, in the kernel's order. getdents64(2).
public func listDirectory(_ path: String) throws(SystemError) -> [String] {
    try FileDescriptor.open(path, .directory).entries().map(\.name)
}

/// What ``listDirectory(_:)`` answers; none where there is no such directory.
///
/// Any other error is one: who cannot look does not know that there is nothing.
public func listDirectoryIfPresent(_ path: String) throws(SystemError) -> [String] {
    do throws(SystemError) { return try listDirectory(path) } catch {
        guard error.errno == .noEntity else { throw error }
        return []
    }
}

/// Whether there is anything at `path`. stat(2).
public func isPresent(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) { _ = try fileStatus(path) } catch {
        guard [.noEntity, .notDirectory].contains(error.errno) else { throw error }
        return false
    }
    return true
}

/// A name in a directory, and its kind where the file system tells it.
public struct DirectoryEntry: Hashable, Sendable {
    public let name: String
    public let isDirectory: Bool
    /// It is a regular file, or the file system does not tell.
    public let mayBeFile: Bool
}

extension FileDescriptor {
    /// What this directory holds, without `.` and `..`. getdents64(2).
    public borrowing func entries() throws(SystemError) -> [DirectoryEntry] {
        // DT_DIR, DT_REG, DT_UNKNOWN
        try records().map {
            DirectoryEntry(
                name: String(decoding: $0.name, as: UTF8.self), isDirectory: $0.type == 4,
                mayBeFile: $0.type == 8 || $0.type == 0)
        }
    }

    /// The names in this directory, whatever bytes they are made of. getdents64(2).
    package borrowing func entryNames() throws(SystemError) -> [EntryName] {
        try records().compactMap { EntryName($0.name) }
    }

    private borrowing func records() throws(SystemError) -> [(name: [UInt8], type: UInt8)] {
        let number = rawValue
        var found: [(name: [UInt8], type: UInt8)] = []
        var buffer = [UInt8](repeating: 0, count: 32768)
        // From the first one, also for who has listed the directory before.
        lseek(number, 0, SEEK_SET)
        while true {
            let count = try check("getdents64") { ck_getdents64(number, &buffer, buffer.count) }
            if count == 0 { return found }
            var offset = 0
            while offset < count {
                // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, name
                let length = Int(buffer[offset + 16]) | Int(buffer[offset + 17]) << 8
                let name = Array(buffer[(offset + 19)..<(offset + length)].prefix { $0 != 0 })
                if name != [46], name != [46, 46] { found.append((name, buffer[offset + 18])) }
                offset += length
            }
        }
    }
}
