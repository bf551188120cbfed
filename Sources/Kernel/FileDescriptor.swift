internal import CKernel
internal import Glibc

/// An open file descriptor with exactly one owner.
///
/// The descriptor closes when its owner goes out of scope. It cannot be copied; lend it with
/// `borrowing`, hand it over with `consuming`.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number the kernel knows this descriptor by. Valid while `self` is alive.
    public let rawValue: Int32

    /// Takes over `rawValue`, which nobody else may close.
    public init(owning rawValue: Int32) { self.rawValue = rawValue }

    // Never repeated: Linux frees the number even when close(2) is interrupted.
    deinit { _ = ck_close(rawValue) }

    /// Opens `path` with `O_CLOEXEC` always set.
    ///
    /// - Throws: ``SystemError`` with the number from open(2).
    public static func open(
        _ path: String, _ options: OpenOptions = [], mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        let number = try check("open", path) {
            ck_open(path, options.rawValue | O_CLOEXEC, mode)
        }
        return FileDescriptor(owning: number)
    }

    /// Opens `path` below this directory with `O_CLOEXEC` always set. openat2(2).
    ///
    /// `resolve`: what the lookup may not do; see ``Resolve``.
    public borrowing func open(
        below path: String, _ options: OpenOptions = [], mode: UInt32 = 0, resolve: Resolve = []
    ) throws(SystemError) -> FileDescriptor {
        let directory = rawValue
        var triesLeft = 1000
        while true {
            do throws(SystemError) {
                let number = try check("openat2", path) {
                    ck_openat2(
                        directory, path, UInt64(options.rawValue | O_CLOEXEC), UInt64(mode), resolve.rawValue)
                }
                return FileDescriptor(owning: number)
            } catch {
                // The kernel cannot vouch for a `..` while anything is renamed or mounted anywhere on the machine.
                // Somebody who renames for ever must not hold the caller.
                triesLeft -= 1
                guard error.errno == .tryAgain, triesLeft > 0 else { throw error }
            }
        }
    }

    /// Gives up ownership: the caller must close the returned number.
    public consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    /// A second descriptor for the same open file, numbered `lowest` or above, with `O_CLOEXEC`.
    public borrowing func duplicate(lowest: Int32 = 3) throws(SystemError) -> FileDescriptor {
        let number = rawValue
        return FileDescriptor(owning: try check("fcntl", "F_DUPFD") { ck_dup_cloexec(number, lowest) })
    }

    /// Writes all of `bytes`. write(2), repeated until done.
    public borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try check("write") {
                bytes.withUnsafeBytes {
                    ck_write(rawValue, $0.baseAddress?.advanced(by: done), $0.count - done)
                }
            }
        }
    }

    /// Writes what there is room for, and answers how many bytes that was: 0 where the file does not block and is full.
    package borrowing func writeSome(_ bytes: [UInt8]) throws(SystemError) -> Int {
        let number = rawValue
        do throws(SystemError) {
            return try check("write") { bytes.withUnsafeBytes { ck_write(number, $0.baseAddress, $0.count) } }
        } catch {
            guard error.errno == .tryAgain else { throw error }
            return 0
        }
    }

    /// Has reads and writes of the open file answer `EAGAIN` instead of waiting. fcntl(2), `F_SETFL`, `O_NONBLOCK`.
    package borrowing func stopBlocking() throws(SystemError) {
        let number = rawValue
        let flags = try check("fcntl", "F_GETFL") { ck_get_status_flags(number) }
        _ = try check("fcntl", "F_SETFL") { ck_set_status_flags(number, flags | O_NONBLOCK) }
    }

    /// Writes all of `text`. write(2), repeated until done.
    public borrowing func write(_ text: String) throws(SystemError) { try write(Array(text.utf8)) }

    /// Reads up to `limit` bytes; an empty array means end of file. read(2).
    public borrowing func read(upTo limit: Int) throws(SystemError) -> [UInt8] {
        let number = rawValue
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(SystemError) {
                count = try check("read") { ck_read(number, buffer.baseAddress, limit) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads to the end of the file.
    public borrowing func readAll() throws(SystemError) -> [UInt8] {
        var all = try read(upTo: 16384)
        if all.count < 16384, all.isEmpty { return all }
        while true {
            let more = try read(upTo: 16384)
            if more.isEmpty { return all }
            all += more
        }
    }

    /// Reads to the end of the file, but no more than `limit` bytes: of one which somebody else makes as long as he likes.
    package borrowing func readAll(atMost limit: Int) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < limit {
            let more = try read(upTo: min(65536, limit - all.count))
            if more.isEmpty { break }
            all += more
        }
        return all
    }
}

extension FileDescriptor {
    /// Flags of open(2) this package uses.
    public struct OpenOptions: OptionSet, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// C: `O_WRONLY`.
        public static let writeOnly = OpenOptions(rawValue: O_WRONLY)
        /// C: `O_RDWR`.
        public static let readWrite = OpenOptions(rawValue: O_RDWR)
        /// C: `O_CREAT`.
        public static let create = OpenOptions(rawValue: O_CREAT)
        /// C: `O_EXCL`.
        public static let exclusive = OpenOptions(rawValue: O_EXCL)
        /// C: `O_TRUNC`.
        public static let truncate = OpenOptions(rawValue: O_TRUNC)
        /// C: `O_APPEND`.
        public static let append = OpenOptions(rawValue: O_APPEND)
        /// C: `O_NONBLOCK`.
        public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
        /// C: `O_NOFOLLOW`.
        public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
        /// C: `O_NOCTTY`.
        public static let noControllingTerminal = OpenOptions(rawValue: O_NOCTTY)
        /// C: `O_PATH`. A reference only; grants no read or write access.
        public static let reference = OpenOptions(rawValue: Int32(CK_O_PATH))
        /// C: `O_DIRECTORY`.
        public static let directory = OpenOptions(rawValue: O_DIRECTORY)
    }

    /// Limits on a lookup. openat2(2), `resolve`.
    public struct Resolve: OptionSet, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
        /// C: `RESOLVE_NO_XDEV`. No mount is crossed.
        public static let noMountCrossing = Resolve(rawValue: UInt64(CK_RESOLVE_NO_XDEV))
        /// C: `RESOLVE_NO_MAGICLINKS`.
        public static let noMagicLinks = Resolve(rawValue: UInt64(CK_RESOLVE_NO_MAGICLINKS))
        /// C: `RESOLVE_NO_SYMLINKS`. Any symbolic link is an error.
        public static let noSymbolicLinks = Resolve(rawValue: UInt64(CK_RESOLVE_NO_SYMLINKS))
        /// C: `RESOLVE_BENEATH`. Leaving the directory is an error.
        public static let beneath = Resolve(rawValue: UInt64(CK_RESOLVE_BENEATH))
        /// C: `RESOLVE_IN_ROOT`. The directory is `/` for the lookup.
        public static let inRoot = Resolve(rawValue: UInt64(CK_RESOLVE_IN_ROOT))
    }
}
