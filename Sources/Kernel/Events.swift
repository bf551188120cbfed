internal import CKernel

extension FileDescriptor {
    /// A counter the kernel adds to; readable while it is above zero. eventfd(2), non-blocking.
    public static func eventCounter() throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("eventfd") { ck_eventfd() })
    }

    /// Readable when one of the control files `paths` has changed. inotify(7), non-blocking.
    public static func changes(of paths: [String]) throws(SystemError) -> FileDescriptor {
        let watch = FileDescriptor(owning: try check("inotify_init1") { ck_inotify_init() })
        let number = watch.rawValue
        for path in paths {
            _ = try check("inotify_add_watch", path) { ck_inotify_watch_changes(number, path) }
        }
        return watch
    }

    /// Takes away what made an event descriptor readable; false when nothing did.
    public borrowing func drainEvents() throws(SystemError) -> Bool {
        do throws(SystemError) {
            return try !read(upTo: 4096).isEmpty
        } catch {
            if error.errno == .tryAgain { return false }
            throw error
        }
    }
}
