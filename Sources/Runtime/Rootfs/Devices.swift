package import Kernel

extension RootfsBuilder {
    /// Makes the device files of the plan and the links in `/dev`. config-linux.md, "Default Devices".
    ///
    /// Nothing happens when `/dev` is a bind mount: it is the host's then.
    package borrowing func makeDevices() throws(RuntimeError) {
        guard plan.managesDevices else { return }
        let mask = changeUmask(0)
        defer { changeUmask(mask) }
        let directory: FileDescriptor
        do throws(SystemError) {
            directory = try openDeviceDirectory()
        } catch { throw .system(step: "open /dev of the container", reason: "\(error)") }
        for device in plan.devices {
            do throws(SystemError) {
                try make(device, in: directory)
            } catch { throw .system(step: "make the device /\(device.path)", reason: "\(error)") }
        }
        do throws(SystemError) {
            try makeLinks(in: directory)
        } catch { throw .system(step: "make a link in /dev", reason: "\(error)") }
    }

    /// An image whose `/dev` is a symbolic link would have the devices made elsewhere (CVE-2026-41579).
    private borrowing func openDeviceDirectory() throws(SystemError) -> FileDescriptor {
        try root.directory("dev", links: .refuse)
    }

    private borrowing func make(
        _ device: PlannedDevice, in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        let parts = device.path.split(separator: "/")
        guard let last = parts.last else { return }
        if parts.count == 2, parts[0] == "dev" { return try make(device, String(last), in: directory) }
        let parent = try root.directory(parts.dropLast().joined(separator: "/"))
        try make(device, String(last), in: parent)
    }

    private borrowing func make(
        _ device: PlannedDevice, _ name: String, in parent: borrowing FileDescriptor
    ) throws(SystemError) {
        // No user namespace but the first may make devices.
        if plan.userNamespace != nil, device.kind != .fifo { return try borrow(device, name, in: parent) }
        do throws(SystemError) {
            try parent.makeNode(name, device.kind, device.number, mode: device.mode)
        } catch {
            switch error.errno {
            case .exists: return try checkExisting(device, name, in: parent, error)
            case .notPermitted: return try borrow(device, name, in: parent)
            default: throw error
            }
        }
        if device.uid != 0 || device.gid != 0 {
            try parent.changeOwner(of: name, uid: device.uid, gid: device.gid)
        }
    }

    private borrowing func checkExisting(
        _ device: PlannedDevice, _ name: String, in parent: borrowing FileDescriptor, _ error: SystemError
    ) throws(SystemError) {
        let found = try parent.status(of: name)
        guard found.kind == device.kind, device.kind == .fifo || found.deviceNumber == device.number else {
            throw error
        }
    }

    /// Mounts the host's device with the same path, after a look at what it is.
    private borrowing func borrow(
        _ device: PlannedDevice, _ name: String, in parent: borrowing FileDescriptor
    ) throws(SystemError) {
        let path = "/" + device.path
        let source = try openHostDevice(path, device.kind, device.number)
        let tree = try source.cloneTree(recursive: false)
        let target = try openFile(name, in: parent)
        try tree.moveMount(onto: target)
    }

    private borrowing func makeLinks(in directory: borrowing FileDescriptor) throws(SystemError) {
        var links = [
            ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"),
        ]
        if fileExists("/proc/kcore") { links.append(("core", "/proc/kcore")) }
        for (name, target) in links {
            do throws(SystemError) {
                try directory.makeLink(name, to: target)
            } catch {
                // An image may bring its own /dev.
                guard error.errno == .exists else { throw error }
            }
        }
        try makeTerminalMultiplexerLink(in: directory)
    }

    /// `/dev/ptmx` must lead to the container's own devpts: what the image has there goes.
    private borrowing func makeTerminalMultiplexerLink(
        in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        do throws(SystemError) {
            try directory.makeLink("ptmx", to: "pts/ptmx")
        } catch {
            guard error.errno == .exists else { throw error }
            try directory.removeFile("ptmx")
            try directory.makeLink("ptmx", to: "pts/ptmx")
        }
    }

    /// Mounts a terminal on `/dev/console`.
    ///
    /// `terminal` is the container's side, from a devpts of this mount namespace, opened through the master
    /// (TIOCGPTPEER) and never by name: `/dev/pts/0` could have become something else meanwhile (CVE-2025-52565).
    package borrowing func mountConsole(_ terminal: borrowing FileDescriptor) throws(RuntimeError) {
        let mask = changeUmask(0)
        defer { changeUmask(mask) }
        do throws(SystemError) {
            let directory = try openDeviceDirectory()
            let target = try openFile("console", in: directory)
            try terminal.cloneTree(recursive: false).moveMount(onto: target)
        } catch { throw .system(step: "mount the terminal on /dev/console", reason: "\(error)") }
    }
}

/// Opens the file `name` to mount on it, making it when it is missing. A symbolic link is refused.
private func openFile(
    _ name: String, in directory: borrowing FileDescriptor
) throws(SystemError) -> FileDescriptor {
    do throws(SystemError) {
        return try directory.open(
            below: name, [.create, .exclusive, .noFollow], mode: 0o666,
            resolve: [.beneath, .noSymbolicLinks])
    } catch {
        guard error.errno == .exists else { throw error }
    }
    let found = try directory.open(
        below: name, .reference, resolve: [.beneath, .noSymbolicLinks])
    return found
}

/// Opens the host's device `path` as a reference, and makes sure that it is the device it should be.
func openHostDevice(
    _ path: String, _ kind: FileStatus.Kind, _ number: DeviceNumber
) throws(SystemError) -> FileDescriptor {
    let file = try FileDescriptor.open(path, .reference)
    let status = try file.status()
    guard status.kind == kind, status.deviceNumber == number else {
        throw SystemError(call: "open", subject: "\(path) (another device than wanted)", errno: .noDevice)
    }
    return file
}
