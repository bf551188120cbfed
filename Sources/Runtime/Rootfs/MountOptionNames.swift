/// The words of mount options this runtime acts on, for `features`. features.md, "Mount options".
///
/// Words which are not here go to the file system as data.
package func supportedMountOptions() -> [String] {
    [
        "acl", "async", "atime", "bind", "copy-symlink", "defaults", "dest-nofollow", "dev", "diratime",
        "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand", "noacl", "noatime", "nodev",
        "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime",
        "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount",
        "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime",
        "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave",
        "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave",
        "src-nofollow", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
    ]
}
