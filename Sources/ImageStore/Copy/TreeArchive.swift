package import Kernel

/// Writes files and directories, with all that is below them, as a tar archive.
///
/// No symbolic link is followed: whoever changes the tree meanwhile leads nowhere else.
package struct TreeArchive: ~Copyable {
    private let writer: TarWriter
    /// The path each file with several names has in the archive.
    private var paths: [Inode: [UInt8]] = [:]
    /// Bytes of all files.
    package private(set) var bytes: Int64 = 0

    private struct Inode: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// `name`: what an error calls what is written to.
    package init(_ file: consuming FileDescriptor, name: String) {
        writer = TarWriter(file, name: name)
    }

    /// Writes the entry `name` of `directory`, which is called `shown` in the archive.
    package mutating func add(
        _ name: EntryName, of directory: borrowing FileDescriptor, as shown: EntryName
    ) throws(ImageError) { try add(name, of: directory, at: shown.bytes) }

    /// Writes all that is in `directory`, and first the directory itself, as `.`.
    package mutating func addContents(of directory: borrowing FileDescriptor) throws(ImageError) {
        let status = try step("look at a directory") { () throws(SystemError) in try directory.status() }
        try writer.add(entry(Array("./".utf8), .directory, status))
        try addEntries(of: directory, below: [])
    }

    /// Writes the end of the archive.
    package borrowing func finish() throws(ImageError) { try writer.finish() }

    private mutating func addEntries(
        of directory: borrowing FileDescriptor, below path: [UInt8]
    ) throws(ImageError) {
        let names = try step("list \(shown(path))") { () throws(SystemError) in try directory.entryNames() }
        for name in names { try add(name, of: directory, at: path + name.bytes) }
    }

    private mutating func add(
        _ name: EntryName, of directory: borrowing FileDescriptor, at path: [UInt8]
    ) throws(ImageError) {
        let status = try step("look at \(shown(path))") { () throws(SystemError) in
            try directory.status(of: name)
        }
        let inode = Inode(device: status.device, inode: status.inode)
        if status.kind != .directory, status.links > 1 {
            if let earlier = paths[inode] {
                return try writer.add(entry(path, .hardLink(to: earlier), status))
            }
            paths[inode] = path
        }
        switch status.kind {
        case .directory: try addDirectory(name, of: directory, path, status)
        case .regular: try addFile(name, of: directory, path)
        case .symbolicLink:
            let target = try step("read \(shown(path))") { () throws(SystemError) in
                try directory.readLink(name)
            }
            try writer.add(entry(path, .symbolicLink(to: target), status))
        case .fifo: try writer.add(entry(path, .fifo, status))
        case .blockDevice: try writer.add(entry(path, .blockDevice(status.deviceNumber), status))
        case .characterDevice:
            try writer.add(entry(path, .characterDevice(status.deviceNumber), status))
        // Nobody listens at a copy of a socket.
        case .socket, .unknown: break
        }
    }

    private mutating func addDirectory(
        _ name: EntryName, of directory: borrowing FileDescriptor, _ path: [UInt8], _ status: FileStatus
    ) throws(ImageError) {
        guard path.count(where: { $0 == slash }) < mostDirectoryLevels else {
            throw ImageError.system(step: "copy \(shown(path))", reason: tooDeep)
        }
        try writer.add(entry(path + [slash], .directory, status))
        let child = try step("open \(shown(path))") { () throws(SystemError) in
            try directory.openCrossing(name, .directory)
        }
        // What the kernel makes up has no end, and means nothing elsewhere.
        let type = try step("look at \(shown(path))") { () throws(SystemError) in try child.fileSystemType() }
        if madeUpFileSystems.contains(type) { return }
        try addEntries(of: child, below: path + [slash])
    }

    private mutating func addFile(
        _ name: EntryName, of directory: borrowing FileDescriptor, _ path: [UInt8]
    ) throws(ImageError) {
        let file = try step("open \(shown(path))") { () throws(SystemError) in
            // Somebody may have put a fifo there meanwhile.
            try directory.openCrossing(name, .nonBlocking)
        }
        let status = try step("look at \(shown(path))") { () throws(SystemError) in try file.status() }
        guard status.kind == .regular else { return }
        var entry = entry(path, .file, status)
        entry.size = status.size
        entry.attributes = try step("read the attributes of \(shown(path))") { () throws(SystemError) in
            try file.extendedAttribute("security.capability").map {
                [.init(name: "security.capability", value: $0)]
            } ?? []
        }
        bytes += status.size
        try writer.add(entry, file)
    }

    private func entry(_ path: [UInt8], _ kind: TarEntry.Kind, _ status: FileStatus) -> TarEntry {
        var entry = TarEntry(path: path, kind: kind)
        (entry.mode, entry.uid, entry.gid) = (status.permissions, status.uid, status.gid)
        entry.modifiedAt = status.modifiedAt
        return entry
    }

    private func shown(_ path: [UInt8]) -> String {
        path.isEmpty ? "a directory" : shortened(String(decoding: path, as: UTF8.self))
    }

    private var slash: UInt8 { UInt8(ascii: "/") }
}

/// Directories below one another which are gone through: each takes a descriptor and some of the stack, and a container makes as many
/// as it likes.
package let mostDirectoryLevels = 512

/// Why a directory is not gone through.
package let tooDeep = "more than \(mostDirectoryLevels) directories below one another"

/// A path for error text: of one that goes on for ever the beginning.
package func shortened(_ path: String) -> String {
    path.utf8.count <= 4096 ? path : path.prefix(200) + "..."
}

/// proc, sysfs, cgroup, cgroup2. statfs(2), `f_type`.
let madeUpFileSystems: Set<Int64> = [0x9fa0, 0x6265_6572, 0x27_e0eb, 0x6367_7270]
