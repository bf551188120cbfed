internal import CKernel
internal import Glibc

/// A lock on a file or directory, held while the value lives. flock(2).
///
/// The kernel lets it go when the process dies, so a lock never outlives its holder.
public struct FileLock: ~Copyable {
    private let file: FileDescriptor

    /// The number of the open file. The lock is let go when every process which has it from this one has closed it, too.
    package var descriptor: Int32 { file.rawValue }

    /// Waits for the lock on `path`; `nil` without waiting when `wait` is false and another process holds it.
    public static func take(_ path: String, wait: Bool) throws(SystemError) -> FileLock? {
        try take(try FileDescriptor.open(path), name: path, wait: wait)
    }

    /// Waits for the lock on what has the name `path` when the wait is over: on what was removed or replaced meanwhile a lock guards nothing.
    ///
    /// - Throws: ``SystemError`` with `ENOENT` when nothing has the name any more.
    public static func takeNamed(_ path: String) throws(SystemError) -> FileLock {
        while true {
            let file = try FileDescriptor.open(path)
            let opened = try file.status()
            let lock = try take(file, name: path, wait: true)
            let named = try fileStatus(path)
            if let lock, named.inode == opened.inode, named.device == opened.device { return lock }
        }
    }

    /// Waits for the lock on an open file; `nil` without waiting when `wait` is false and another process holds it.
    ///
    /// `name`: what an error calls the file. `shared`: others may hold a shared lock at the same time.
    package static func take(
        _ file: consuming FileDescriptor, name: String, shared: Bool = false, wait: Bool
    ) throws(SystemError) -> FileLock? {
        let number = file.rawValue
        let kind = shared ? LOCK_SH : LOCK_EX
        do throws(SystemError) {
            _ = try check("flock", name) { ck_flock(number, kind | (wait ? 0 : LOCK_NB)) }
        } catch {
            if error.errno == .tryAgain { return nil }
            throw error
        }
        return FileLock(file: file)
    }
}
