/// What the specification of a container needs to know beside its record: where things are, and what the machine has.
package struct SpecFacts: Hashable, Sendable {
    /// The mounted root file system.
    package var rootfs: String
    package var identity = ProcessIdentity(uid: 0, gid: 0)
    /// A bind-mounted namespace; `nil` is the host's own.
    package var networkNamespace: String?
    /// Files to put at `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`; `nil` leaves the image's.
    package var hosts: String?
    package var hostname: String?
    package var resolvConf: String?
    package var cgroupPath: String
    /// The directories of volumes by name.
    package var volumes: [String: String] = [:]
    /// Namespaces of the container whose ones are shared, for example `/proc/7/ns/pid`.
    package var pidNamespace: String?
    package var ipcNamespace: String?
    /// What is mounted at `/dev/shm` in place of a file system of the container's own; `nil` for that.
    package var sharedMemory: String?
    /// The devices asked for; of a privileged container, all of the machine's.
    package var devices: [HostDevice] = []
    /// What `seccomp=FILE` has; `nil` is the standard profile.
    package var seccomp: SeccompProfile?
    /// What the engine itself may do: more it cannot give.
    package var capabilities: [String] = []
    /// The architecture as Go names it.
    package var machine = "amd64"
    /// cgroup v2 alone, as opposed to v1 and both.
    package var hasUnifiedCgroups = false
    /// Whether the machine counts swap, so that a limit of memory can cover it.
    package var limitsSwap = false
    /// Whether the host has message queues at `/dev/mqueue`, which a container with the host's IPC namespace sees, too.
    package var hasMessageQueues = true
    /// A static init of the host, for `--init`.
    package var initProgram: String?
    /// Rows and columns of the terminal somebody sits at.
    package var terminalSize: TerminalSize?

    package init(rootfs: String, cgroupPath: String) {
        (self.rootfs, self.cgroupPath) = (rootfs, cgroupPath)
    }

    /// How many characters fit on a terminal.
    package struct TerminalSize: Hashable, Sendable {
        package var rows: UInt16
        package var columns: UInt16

        package init(rows: UInt16, columns: UInt16) { (self.rows, self.columns) = (rows, columns) }
    }
}

/// A device file of the host which a container gets.
package struct HostDevice: Hashable, Sendable {
    /// Absolute path in the container.
    package var path: String
    package var isBlock: Bool
    package var major: UInt32
    package var minor: UInt32
    package var mode: UInt32
    package var uid: UInt32
    package var gid: UInt32
    /// Letters of `rwm`.
    package var access: String

    package init(
        path: String, isBlock: Bool, major: UInt32, minor: UInt32, mode: UInt32 = 0o666, uid: UInt32 = 0,
        gid: UInt32 = 0, access: String = "rwm"
    ) {
        (self.path, self.isBlock, self.major, self.minor) = (path, isBlock, major, minor)
        (self.mode, self.uid, self.gid, self.access) = (mode, uid, gid, access)
    }
}
