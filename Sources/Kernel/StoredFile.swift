internal import CKernel
internal import Glibc

// What a store keeps with an open file beside its content.
extension FileDescriptor {
    /// Makes the file `size` bytes long; what is added reads as zeros and takes no room. ftruncate(2).
    package borrowing func resize(to size: Int64) throws(SystemError) {
        let number = rawValue
        _ = try check("ftruncate", "\(size)") { ck_ftruncate(number, Int(size)) }
    }

    /// Waits until the file is on its device. fsync(2).
    package borrowing func synchronize() throws(SystemError) {
        let number = rawValue
        _ = try check("fsync") { ck_fsync(number) }
    }

    /// Sets the time of the last change of the content, in nanoseconds since 1970. futimens(3).
    package borrowing func setModificationTime(_ time: Int64) throws(SystemError) {
        let number = rawValue
        let (seconds, nanoseconds) = time.flooredSeconds
        _ = try check("futimens") { ck_set_mtime(number, seconds, nanoseconds) }
    }

    /// The extended attribute `name`, of at most 256 bytes; `nil` when the file has none. fgetxattr(2).
    ///
    /// `nil` also where the file system knows no such attributes.
    package borrowing func extendedAttribute(_ name: String) throws(SystemError) -> [UInt8]? {
        let number = rawValue
        var value = [UInt8](repeating: 0, count: 256)
        do throws(SystemError) {
            let length = try check("fgetxattr", name) { ck_fgetxattr(number, name, &value, value.count) }
            return Array(value.prefix(length))
        } catch {
            if [.noAttribute, .notSupported].contains(error.errno) { return nil }
            throw error
        }
    }

    /// Removes the extended attribute `name`; that there is none is no error. fremovexattr(2).
    package borrowing func removeAttribute(_ name: String) throws(SystemError) {
        let number = rawValue
        do throws(SystemError) { _ = try check("fremovexattr", name) { ck_fremovexattr(number, name) } } catch
        {
            guard [.noAttribute, .notSupported].contains(error.errno) else { throw error }
        }
    }

    /// Sets the extended attribute `name`. fsetxattr(2).
    ///
    /// - Throws: ``SystemError`` with `EOPNOTSUPP` where the file system knows no such attributes.
    package borrowing func setExtendedAttribute(_ name: String, _ value: [UInt8]) throws(SystemError) {
        let number = rawValue
        _ = try check("fsetxattr", name) { ck_fsetxattr(number, name, value, value.count) }
    }
}

/// Nanoseconds since 1970. clock_gettime(2), `CLOCK_REALTIME`.
package func realtimeNanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
