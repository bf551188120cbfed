internal import Kernel

extension MountOptions {
    /// What one word does.
    enum Effect {
        case nothing
        case set(MountFlags, MountAttributes)
        case clear(MountFlags, MountAttributes)
        /// One of the settings of access time, which exclude each other.
        case setTime(MountFlags, MountAttributes)
        case setBelow(MountAttributes)
        case clearBelow(MountAttributes)
        case setTimeBelow(MountAttributes)
        case propagate(MountFlags)
        case copyUp, copyLink, keepSourceLink, keepTargetLink
        case mapIDs(isRecursive: Bool)
    }
}

extension MountOptions.Effect {
    /// - Returns: `nil` for a word which is none of ours.
    init?(word: String) {
        guard
            let found = Self.permission(word) ?? Self.time(word) ?? Self.fileSystem(word)
                ?? Self.below(word) ?? Self.propagation(word) ?? Self.extra(word)
        else { return nil }
        self = found
    }

    private static func permission(_ word: String) -> Self? {
        switch word {
        case "ro": .set(.readOnly, .readOnly)
        case "rw": .clear(.readOnly, .readOnly)
        case "nosuid": .set(.noSetUID, .noSetUID)
        case "suid": .clear(.noSetUID, .noSetUID)
        case "nodev": .set(.noDevices, .noDevices)
        case "dev": .clear(.noDevices, .noDevices)
        case "noexec": .set(.noExecute, .noExecute)
        case "exec": .clear(.noExecute, .noExecute)
        case "nosymfollow": .set(.noSymbolicLinks, .noSymbolicLinks)
        case "symfollow": .clear(.noSymbolicLinks, .noSymbolicLinks)
        default: nil
        }
    }

    private static func time(_ word: String) -> Self? {
        switch word {
        case "noatime": .setTime(.noAccessTime, .noAccessTime)
        case "relatime": .setTime(.relativeAccessTime, [])
        case "strictatime": .setTime(.strictAccessTime, .strictAccessTime)
        case "atime": .clear(.noAccessTime, .noAccessTime)
        case "norelatime": .clear(.relativeAccessTime, [])
        case "nostrictatime": .clear(.strictAccessTime, .strictAccessTime)
        case "nodiratime": .set(.noDirectoryAccessTime, .noDirectoryAccessTime)
        case "diratime": .clear(.noDirectoryAccessTime, .noDirectoryAccessTime)
        default: nil
        }
    }

    /// Words about the file system as a whole: a bind mount cannot change them.
    private static func fileSystem(_ word: String) -> Self? {
        switch word {
        case "defaults": .nothing
        case "sync": .set(.synchronous, [])
        case "async": .clear(.synchronous, [])
        case "dirsync": .set(.directorySync, [])
        case "mand": .set(.mandatoryLocks, [])
        case "nomand": .clear(.mandatoryLocks, [])
        case "lazytime": .set(.lazyTime, [])
        case "nolazytime": .clear(.lazyTime, [])
        case "iversion": .set(.inodeVersion, [])
        case "noiversion": .clear(.inodeVersion, [])
        case "acl": .set(.posixACL, [])
        case "noacl": .clear(.posixACL, [])
        case "silent": .set(.silent, [])
        case "loud": .clear(.silent, [])
        case "remount": .set(.remount, [])
        case "bind": .set(.bind, [])
        case "rbind": .set([.bind, .recursive], [])
        default: nil
        }
    }

    private static func below(_ word: String) -> Self? {
        switch word {
        case "rro": .setBelow(.readOnly)
        case "rrw": .clearBelow(.readOnly)
        case "rnosuid": .setBelow(.noSetUID)
        case "rsuid": .clearBelow(.noSetUID)
        case "rnodev": .setBelow(.noDevices)
        case "rdev": .clearBelow(.noDevices)
        case "rnoexec": .setBelow(.noExecute)
        case "rexec": .clearBelow(.noExecute)
        case "rnosymfollow": .setBelow(.noSymbolicLinks)
        case "rsymfollow": .clearBelow(.noSymbolicLinks)
        case "rnodiratime": .setBelow(.noDirectoryAccessTime)
        case "rdiratime": .clearBelow(.noDirectoryAccessTime)
        case "rnoatime": .setTimeBelow(.noAccessTime)
        case "rstrictatime": .setTimeBelow(.strictAccessTime)
        case "ratime", "rrelatime", "rnostrictatime": .setTimeBelow([])
        case "rnorelatime": .nothing
        default: nil
        }
    }

    private static func propagation(_ word: String) -> Self? {
        switch word {
        case "private": .propagate(.private)
        case "slave": .propagate(.slave)
        case "shared": .propagate(.shared)
        case "unbindable": .propagate(.unbindable)
        case "rprivate": .propagate([.private, .recursive])
        case "rslave": .propagate([.slave, .recursive])
        case "rshared": .propagate([.shared, .recursive])
        case "runbindable": .propagate([.unbindable, .recursive])
        default: nil
        }
    }

    private static func extra(_ word: String) -> Self? {
        switch word {
        case "tmpcopyup": .copyUp
        case "copy-symlink": .copyLink
        case "src-nofollow": .keepSourceLink
        case "dest-nofollow": .keepTargetLink
        case "idmap": .mapIDs(isRecursive: false)
        case "ridmap": .mapIDs(isRecursive: true)
        default: nil
        }
    }
}
