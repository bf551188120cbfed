package import Kernel
package import OCISpec

/// All that turns a bundle's root file system into the container's `/`, worked out beforehand.
///
/// A value: made without privileges, read in a test, carried out once by ``RootfsBuilder``.
package struct RootfsPlan: Hashable, Sendable {
    /// Absolute path of the root file system on the host.
    package let root: String
    /// The container's `/` ends up read-only.
    package let isReadOnly: Bool
    /// `linux.rootfsPropagation`; empty when the document has none.
    package let propagation: MountFlags
    /// In the order they are mounted.
    package let mounts: [PlannedMount]
    /// `/dev` is filled by the runtime: nothing of the host is bound there.
    package let managesDevices: Bool
    package let devices: [PlannedDevice]
    /// Paths in the container, without a slash in front.
    package let masked: [String]
    package let readOnly: [String]
    /// SELinux label of the container's file systems; empty for none.
    package let mountLabel: String
    package let userNamespace: UserNamespace?
    /// Use MS_MOVE and chroot(2) instead of pivot_root(2).
    package let noPivot: Bool
    /// The runtime has no rights over the host: cgroups are then shown read-only.
    package let isRootless: Bool

    /// The container's user namespace: one to join, or maps for a new one.
    package struct UserNamespace: Hashable, Sendable {
        package let path: String?
        package let uids: [IDMapping]
        package let gids: [IDMapping]
    }

    /// `bundle` is an absolute path, where relative paths of the document start. `isRootless` says that the runtime
    /// is not root of the initial user namespace.
    ///
    /// - Throws: ``RuntimeError`` which names the place in the document.
    package init(
        configuration: Configuration, bundle: String, noPivot: Bool = false, isRootless: Bool = false
    ) throws(RuntimeError) {
        let linux = configuration.linux
        root = absolutePath(configuration.root.path, below: bundle)
        isReadOnly = configuration.root.readonly
        propagation = linux.rootfsPropagation.map(MountFlags.init) ?? []
        userNamespace = linux.namespaces.first { $0.type == .user }.map {
            UserNamespace(path: $0.path, uids: linux.uidMappings, gids: linux.gidMappings)
        }
        var mounts: [PlannedMount] = []
        for (index, mount) in configuration.mounts.enumerated() {
            mounts.append(
                try PlannedMount(mount, index: index, bundle: bundle, userNamespace: userNamespace))
        }
        self.mounts = mounts
        managesDevices = !mounts.contains { $0.isBind && $0.destination == "dev" }
        devices = try PlannedDevice.all(linux.devices)
        masked = linux.maskedPaths.map(cleanPath)
        readOnly = linux.readonlyPaths.map(cleanPath)
        mountLabel = linux.mountLabel ?? ""
        self.noPivot = noPivot
        self.isRootless = isRootless
    }

    /// Mounts made in the container may reach the host: only when the document asks for it.
    var sharesWithHost: Bool { propagation.contains(.shared) }
}

extension MountFlags {
    init(_ propagation: Propagation) {
        switch propagation {
        case .shared: self = .shared
        case .slave: self = .slave
        case .private: self = .private
        case .unbindable: self = .unbindable
        case .rshared: self = [.shared, .recursive]
        case .rslave: self = [.slave, .recursive]
        case .rprivate: self = [.private, .recursive]
        case .runbindable: self = [.unbindable, .recursive]
        }
    }
}

/// `path` without empty, `.` and `..` parts and without a slash at either end; `/` is empty.
func cleanPath(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
        if part == ".." {
            _ = parts.popLast()
        } else if part != "." {
            parts.append(part)
        }
    }
    return parts.joined(separator: "/")
}

/// `path`, or where it is below `directory` when it is relative.
func absolutePath(_ path: String, below directory: String) -> String {
    path.hasPrefix("/") ? path : "\(directory)/\(path)"
}
