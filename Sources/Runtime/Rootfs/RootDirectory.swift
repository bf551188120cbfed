internal import Kernel

/// The container's `/` while it is built: every path is looked up below one descriptor.
///
/// What lies below may be changed by somebody else at any moment (a volume shared with a running container),
/// so a path becomes a descriptor once and is not used as text again. A symbolic link leads to where it would
/// lead inside the container, never out of it (CVE-2019-18837, CVE-2021-30465, CVE-2024-45310).
struct RootDirectory: ~Copyable {
    let file: FileDescriptor

    /// What symbolic links on the way to a path mean.
    enum Links {
        /// They are followed inside the root.
        case follow
        /// They are followed, but not at the end of the path.
        case keepLast
        /// There must be none.
        case refuse

        /// What they mean on the way to the parent of a path.
        var above: Links { self == .keepLast ? .follow : self }
    }

    /// What a missing path is made as.
    enum Kind {
        case directory, file
    }

    /// Where to mount.
    struct Target: ~Copyable {
        let file: FileDescriptor
        /// It was made just now.
        let isNew: Bool
    }

    /// Opens `path`, which has no slash in front, as a mere reference.
    borrowing func open(
        _ path: String, _ options: FileDescriptor.OpenOptions = [], links: Links = .follow
    ) throws(SystemError) -> FileDescriptor {
        let name = path.isEmpty ? "." : path
        switch links {
        case .follow:
            return try file.open(
                below: name, options.union(.reference), resolve: [.inRoot, .noMagicLinks])
        case .keepLast:
            return try file.open(
                below: name, options.union([.reference, .noFollow]), resolve: [.inRoot, .noMagicLinks])
        case .refuse:
            // Without O_NOFOLLOW, which would open the link itself.
            return try file.open(
                below: name, options.union(.reference), resolve: [.beneath, .noSymbolicLinks])
        }
    }

    /// Opens `path` to mount on it; makes it, and directories above it, where it is missing.
    borrowing func target(
        _ path: String, makes kind: Kind, links: Links = .follow
    ) throws(SystemError) -> Target {
        do throws(SystemError) {
            return Target(file: try open(path, links: links), isNew: false)
        } catch {
            guard error.errno == .noEntity else { throw error }
        }
        let parts = RelativePath(path)
        switch kind {
        case .directory: return Target(file: try newDirectory(parts, links: links), isNew: true)
        case .file: return Target(file: try newFile(parts, links: links), isNew: true)
        }
    }

    /// Opens the directory `path`, making what is missing, component by component below descriptors.
    borrowing func directory(_ path: String, links: Links = .follow) throws(SystemError) -> FileDescriptor {
        try directory(RelativePath(path), links: links)
    }

    private borrowing func directory(
        _ parts: RelativePath, links: Links, depth: Int = 0
    ) throws(SystemError) -> FileDescriptor {
        do throws(SystemError) {
            return try open(parts.text, .directory, links: links)
        } catch {
            guard error.errno == .noEntity else { throw error }
        }
        return try newDirectory(parts, links: links, depth: depth)
    }

    private borrowing func newDirectory(
        _ parts: RelativePath, links: Links, depth: Int = 0
    ) throws(SystemError) -> FileDescriptor {
        guard let name = parts.last else { throw SystemError(call: "mkdir", subject: "/", errno: .noEntity) }
        let parent = try directory(parts.parent, links: links.above, depth: depth)
        do throws(SystemError) {
            try parent.makeDirectory(name, mode: 0o755)
        } catch {
            guard error.errno == .exists else { throw error }
            // Somebody was faster, or a symbolic link leads to something that does not exist.
            if let led = try redirect(parts, name, below: parent, links: links, depth: depth) {
                return try directory(led, links: links, depth: depth + 1)
            }
        }
        return try parent.open(
            below: name, [.reference, .directory], resolve: [.beneath, .noSymbolicLinks])
    }

    private borrowing func newFile(
        _ parts: RelativePath, links: Links, depth: Int = 0
    ) throws(SystemError) -> FileDescriptor {
        guard let name = parts.last else {
            throw SystemError(call: "open", subject: "/", errno: .isDirectory)
        }
        let parent = try directory(parts.parent, links: links.above)
        do throws(SystemError) {
            return try parent.open(
                below: name, [.create, .exclusive, .noFollow], mode: 0o644,
                resolve: [.beneath, .noSymbolicLinks])
        } catch {
            guard error.errno == .exists else { throw error }
            if let led = try redirect(parts, name, below: parent, links: links, depth: depth) {
                return try newFile(led, links: links, depth: depth + 1)
            }
        }
        return try parent.open(below: name, .reference, resolve: [.beneath, .noSymbolicLinks])
    }

    /// Where the symbolic link at the end of `parts` leads, as a path from the root; `nil` when it is none.
    ///
    /// The result is only text again, and goes through the same safe lookup as the path it replaces.
    private borrowing func redirect(
        _ parts: RelativePath, _ name: String, below parent: borrowing FileDescriptor, links: Links,
        depth: Int
    ) throws(SystemError) -> RelativePath? {
        guard try parent.status(of: name).kind == .symbolicLink else { return nil }
        guard links == .follow, depth < 40 else {
            throw SystemError(call: "openat2", subject: name, errno: .symbolicLink)
        }
        let led = try parent.readLink(name)
        let path = led.hasPrefix("/") ? led : parts.parent.text + "/" + led
        return RelativePath(cleanPath(path))
    }
}
