internal import CKernel

/// Tells of entries that leave directories: files which are removed or renamed. inotify(7)
public struct DepartureWatch: ~Copyable, Sendable {
    /// Readable when there is something to tell; non-blocking. What is read there is for ``departures(in:)``.
    public let events: FileDescriptor

    /// Watches nothing yet.
    ///
    /// - Throws: ``SystemError`` with `EMFILE` when the user has too many. `fs.inotify.max_user_instances`
    public init() throws(SystemError) {
        events = FileDescriptor(owning: try check("inotify_init1") { ck_inotify_init() })
    }

    /// Watches a directory, which may be watched already; the answer is its number. It ends with the directory.
    public borrowing func add(_ directory: String) throws(SystemError) -> Int32 {
        let number = events.rawValue
        return try check("inotify_add_watch", directory) { ck_inotify_watch_departures(number, directory) }
    }

    /// What the kernel tells.
    public enum Event: Hashable, Sendable {
        /// An entry has left the directory of this number.
        case departed(name: String, directory: Int32)
        /// The directory of this number has gone, and is watched no more.
        case ended(directory: Int32)
        /// There was more than the kernel keeps: anything may have left.
        case lost
    }

    /// The events in what was read. C: `struct inotify_event`.
    public static func departures(in bytes: [UInt8]) -> [Event] {
        var found: [Event] = []
        var rest = bytes[...]
        func number(_ offset: Int) -> UInt32 {
            rest.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        while rest.count >= 16 {
            let (directory, mask, length) = (Int32(bitPattern: number(0)), number(4), Int(number(12)))
            // IN_Q_OVERFLOW and IN_IGNORED.
            if mask & 0x4000 != 0 {
                found.append(.lost)
            } else if mask & 0x8000 != 0 {
                found.append(.ended(directory: directory))
            } else {
                let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
                found.append(.departed(name: String(decoding: name, as: UTF8.self), directory: directory))
            }
            rest = rest.dropFirst(16 + length)
        }
        return found
    }
}
