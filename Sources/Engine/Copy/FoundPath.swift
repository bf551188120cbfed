internal import Kernel

/// An entry of a directory that was looked up as a process would whose root is another directory; it may be missing.
struct FoundPath: ~Copyable {
    let directory: FileDescriptor
    let name: EntryName
    /// `nil` when there is no such entry.
    let status: FileStatus?

    /// Looks up `path` below `root`, out of which no symbolic link leads. With `following` a link at the end is followed, too.
    ///
    /// - Throws: ``SystemError`` when the directory it stands in is not there.
    init(
        _ path: String, below root: borrowing FileDescriptor, following: Bool
    ) throws(SystemError) {
        var path = path
        for _ in 0..<40 {
            let (parent, last) = Self.split(path)
            guard let last = EntryName(last) else {
                throw SystemError(call: "open", subject: path, errno: .invalidArgument)
            }
            let directory = try root.open(
                below: parent, .directory, resolve: [.inRoot, .noMagicLinks])
            let status = try Self.status(of: last, in: directory)
            guard following, status?.kind == .symbolicLink else {
                self.directory = directory
                (name, self.status) = (last, status)
                return
            }
            let link = String(decoding: try directory.readLink(last), as: UTF8.self)
            path = link.hasPrefix("/") ? link : "\(parent)/\(link)"
            // A link to a directory's own name has no entry to stand for.
            while path.hasSuffix("/.") || (path.count > 1 && path.hasSuffix("/")) { path.removeLast() }
        }
        throw SystemError(call: "open", subject: path, errno: .symbolicLink)
    }

    private static func split(_ path: String) -> (parent: String, last: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        let parent = String(path[..<slash])
        return (parent.isEmpty ? "/" : parent, String(path[path.index(after: slash)...]))
    }

    private static func status(
        of name: EntryName, in directory: borrowing FileDescriptor
    ) throws(SystemError) -> FileStatus? {
        do throws(SystemError) { return try directory.status(of: name) } catch {
            if error.errno == .noEntity { return nil }
            throw error
        }
    }
}
