internal import CKernel

/// Flags of mount(2); the numbers are the kernel's `MS_` constants.
package struct MountFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }
    package static let readOnly = MountFlags(rawValue: 1)
    package static let noSetUID = MountFlags(rawValue: 2)
    package static let noDevices = MountFlags(rawValue: 4)
    package static let noExecute = MountFlags(rawValue: 8)
    package static let synchronous = MountFlags(rawValue: 16)
    package static let remount = MountFlags(rawValue: 32)
    package static let mandatoryLocks = MountFlags(rawValue: 64)
    package static let directorySync = MountFlags(rawValue: 128)
    package static let noSymbolicLinks = MountFlags(rawValue: 256)
    package static let noAccessTime = MountFlags(rawValue: 1024)
    package static let noDirectoryAccessTime = MountFlags(rawValue: 2048)
    package static let bind = MountFlags(rawValue: 4096)
    package static let move = MountFlags(rawValue: 8192)
    package static let recursive = MountFlags(rawValue: 16384)
    package static let silent = MountFlags(rawValue: 32768)
    package static let posixACL = MountFlags(rawValue: 1 << 16)
    package static let unbindable = MountFlags(rawValue: 1 << 17)
    package static let `private` = MountFlags(rawValue: 1 << 18)
    package static let slave = MountFlags(rawValue: 1 << 19)
    package static let shared = MountFlags(rawValue: 1 << 20)
    package static let relativeAccessTime = MountFlags(rawValue: 1 << 21)
    package static let inodeVersion = MountFlags(rawValue: 1 << 23)
    package static let strictAccessTime = MountFlags(rawValue: 1 << 24)
    package static let lazyTime = MountFlags(rawValue: 1 << 25)

    /// The four kinds of propagation.
    package static let propagation: MountFlags = [.unbindable, .private, .slave, .shared]
}

/// Attributes of one mount, as fsmount(2) and mount_setattr(2) take them; C: `MOUNT_ATTR_`.
package struct MountAttributes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package static let readOnly = MountAttributes(rawValue: 1)
    package static let noSetUID = MountAttributes(rawValue: 2)
    package static let noDevices = MountAttributes(rawValue: 4)
    package static let noExecute = MountAttributes(rawValue: 8)
    package static let noAccessTime = MountAttributes(rawValue: 0x10)
    package static let strictAccessTime = MountAttributes(rawValue: 0x20)
    /// All bits of the access time setting; relatime is none of them. To be cleared whenever one is set.
    package static let accessTime = MountAttributes(rawValue: 0x70)
    package static let noDirectoryAccessTime = MountAttributes(rawValue: 0x80)
    static let idMapped = MountAttributes(rawValue: 0x10_0000)
    package static let noSymbolicLinks = MountAttributes(rawValue: 0x20_0000)
}

/// Mounts on the current directory. mount(2) with `.`, which is looked up nowhere, so nobody can swap it.
///
/// - Throws: ``SystemError`` with the kernel's number; the subject is `type`.
package func mountHere(
    _ source: String, type: String, flags: MountFlags = [], data: String = ""
) throws(SystemError) {
    _ = try check("mount", type) { ck_mount(source, ".", type, flags.rawValue, data.isEmpty ? nil : data) }
}

/// Mounts a file system at `path`. mount(2); `data` is at most a page long.
package func mountFileSystem(
    _ type: String, at path: String, flags: MountFlags = [], data: String = ""
) throws(SystemError) {
    _ = try check("mount", "\(type) at \(path)") { ck_mount(type, path, type, flags.rawValue, data) }
}

/// Sets how the mount at `path` and, with ``MountFlags/recursive``, those below it propagate. mount(2).
package func setPropagation(_ path: String, _ flags: MountFlags) throws(SystemError) {
    _ = try check("mount", "propagation of \(path)") { ck_mount(nil, path, nil, flags.rawValue, nil) }
}

/// Moves the mount at `source` to `target`. mount(2) with `MS_MOVE`.
package func moveMount(_ source: String, to target: String) throws(SystemError) {
    _ = try check("mount", "move \(source) to \(target)") {
        ck_mount(source, target, nil, MountFlags.move.rawValue, nil)
    }
}

/// Makes `newRoot` the root of this process' mount namespace and puts the old root on `old`. pivot_root(2).
package func pivotRoot(_ newRoot: String, old: String) throws(SystemError) {
    _ = try check("pivot_root", newRoot) { ck_pivot_root(newRoot, old) }
}

/// Takes the mount at `path` and all below it out of sight. umount2(2) with `MNT_DETACH`; no link is followed.
package func detachMount(_ path: String) throws(SystemError) {
    _ = try check("umount2", path) { ck_umount2(path, Int32(CK_MNT_DETACH | CK_UMOUNT_NOFOLLOW)) }
}

extension FileDescriptor {
    /// A detached copy of the mount at `path`, with all below it when `recursive`. open_tree(2).
    ///
    /// With `following` a symbolic link at the end of `path` is followed.
    package static func cloneTree(
        _ path: String, recursive: Bool, following: Bool = true
    ) throws(SystemError) -> FileDescriptor {
        var flags = UInt32(CK_OPEN_TREE_CLONE | CK_OPEN_TREE_CLOEXEC)
        if recursive { flags |= UInt32(CK_AT_RECURSIVE) }
        if !following { flags |= UInt32(CK_AT_SYMLINK_NOFOLLOW) }
        return FileDescriptor(
            owning: try check("open_tree", path) { ck_open_tree(Int32(CK_AT_FDCWD), path, flags) })
    }

    /// A detached copy of the tree this descriptor refers to. open_tree(2).
    package borrowing func cloneTree(recursive: Bool) throws(SystemError) -> FileDescriptor {
        let number = rawValue
        let deep = recursive ? UInt32(CK_AT_RECURSIVE) : 0
        let flags = UInt32(CK_OPEN_TREE_CLONE | CK_OPEN_TREE_CLOEXEC | CK_AT_EMPTY_PATH) | deep
        return FileDescriptor(owning: try check("open_tree") { ck_open_tree(number, "", flags) })
    }

    /// Puts this detached mount, or moves this attached one, onto what `target` refers to. move_mount(2).
    package borrowing func moveMount(onto target: borrowing FileDescriptor) throws(SystemError) {
        let (from, to) = (rawValue, target.rawValue)
        _ = try check("move_mount") {
            ck_move_mount(from, "", to, "", UInt32(CK_MOVE_MOUNT_F_EMPTY_PATH | CK_MOVE_MOUNT_T_EMPTY_PATH))
        }
    }

    /// Puts this detached mount at `path`, following symbolic links as mount(2) does. move_mount(2).
    package borrowing func moveMount(to path: String) throws(SystemError) {
        let from = rawValue
        _ = try check("move_mount", path) {
            ck_move_mount(
                from, "", Int32(CK_AT_FDCWD), path,
                UInt32(CK_MOVE_MOUNT_F_EMPTY_PATH | CK_MOVE_MOUNT_T_SYMLINKS))
        }
    }

    /// Changes this mount, and those below it when `recursive`. mount_setattr(2).
    ///
    /// `propagation` is one of the four kinds, or empty to keep what is.
    package borrowing func setMount(
        _ set: MountAttributes = [], clear: MountAttributes = [], propagation: MountFlags = [],
        recursive: Bool = false
    ) throws(SystemError) {
        let number = rawValue
        let flags = UInt32(CK_AT_EMPTY_PATH) | (recursive ? UInt32(CK_AT_RECURSIVE) : 0)
        _ = try check("mount_setattr") {
            ck_mount_setattr(
                number, "", flags, set.rawValue, clear.rawValue,
                UInt64(propagation.intersection(.propagation).rawValue), -1)
        }
    }

    /// Maps the owners of this detached mount's files as `userNamespace` does. `MOUNT_ATTR_IDMAP`.
    package borrowing func mapIDs(
        _ userNamespace: borrowing FileDescriptor, recursive: Bool
    ) throws(SystemError) {
        let (number, namespace) = (rawValue, userNamespace.rawValue)
        let flags = UInt32(CK_AT_EMPTY_PATH) | (recursive ? UInt32(CK_AT_RECURSIVE) : 0)
        _ = try check("mount_setattr", "MOUNT_ATTR_IDMAP") {
            ck_mount_setattr(number, "", flags, MountAttributes.idMapped.rawValue, 0, 0, namespace)
        }
    }
}

/// A file system in the making: configure it, then ``mount(_:)`` it detached. fsopen(2).
package struct FileSystemContext: ~Copyable {
    private let context: FileDescriptor
    private let type: String

    /// - Throws: ``SystemError`` with `ENODEV` for a type the kernel does not know.
    package init(type: String) throws(SystemError) {
        context = FileDescriptor(
            owning: try check("fsopen", type) { ck_fsopen(type, UInt32(CK_FSOPEN_CLOEXEC)) })
        self.type = type
    }

    /// Sets `key` to `value`. fsconfig(2), `FSCONFIG_SET_STRING`.
    package borrowing func set(_ key: String, _ value: String) throws(SystemError) {
        let number = context.rawValue
        let shown = value.utf8.count > 100 ? "\(value.prefix(100))..." : value
        _ = try check("fsconfig", "\(type) \(key)=\(shown)") {
            ck_fsconfig(number, UInt32(CK_FSCONFIG_SET_STRING), key, value, 0)
        }
    }

    /// Sets the flag `key`. fsconfig(2), `FSCONFIG_SET_FLAG`.
    package borrowing func set(_ key: String) throws(SystemError) {
        let number = context.rawValue
        _ = try check("fsconfig", "\(type) \(key)") {
            ck_fsconfig(number, UInt32(CK_FSCONFIG_SET_FLAG), key, nil, 0)
        }
    }

    /// Makes the file system, and a detached mount of it. fsconfig(2), fsmount(2).
    package borrowing func mount(_ attributes: MountAttributes = []) throws(SystemError) -> FileDescriptor {
        let number = context.rawValue
        _ = try check("fsconfig", type) { ck_fsconfig(number, UInt32(CK_FSCONFIG_CMD_CREATE), nil, nil, 0) }
        let mounted = try check("fsmount", type) {
            ck_fsmount(number, UInt32(CK_FSMOUNT_CLOEXEC), UInt32(truncatingIfNeeded: attributes.rawValue))
        }
        return FileDescriptor(owning: mounted)
    }
}
