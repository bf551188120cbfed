internal import Kernel

/// The devices a record asks for; of a privileged container all of the machine's.
func hostDevices(_ record: ContainerRecord) throws(EngineError) -> [HostDevice] {
    var found: [HostDevice] = []
    if record.isPrivileged { found = try devices(below: "/dev", at: "/dev", access: "rwm", isAll: true) }
    for device in record.devices {
        let wrong = "error gathering device information while adding custom device \"\(device.source)\""
        let status: FileStatus
        do throws(SystemError) { status = try fileStatus(device.source) } catch {
            throw EngineError("\(wrong): \(error.errno.reason)", .invalid)
        }
        var own: [HostDevice] = []
        if status.kind == .directory {
            own = try devices(
                below: device.source, at: device.destination, access: device.access, isAll: false)
        } else if let one = HostDevice(status, at: device.destination, access: device.access) {
            own = [one]
        }
        guard !own.isEmpty else { throw EngineError("\(wrong): not a device node", .invalid) }
        let paths = Set(own.map(\.path))
        found = found.filter { !paths.contains($0.path) } + own
    }
    return found
}

/// What the container has of its own, and what belongs to the host's session.
private let ownOfContainer: Set<String> = [
    "pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console",
]

private func devices(
    below source: String, at destination: String, access: String, isAll: Bool
) throws(EngineError) -> [HostDevice] {
    let names: [String]
    do throws(SystemError) { names = try listDirectory(source).sorted() } catch {
        throw EngineError("cannot list the devices in \(source): \(error)")
    }
    var found: [HostDevice] = []
    for name in names where !(isAll && ownOfContainer.contains(name)) {
        let (from, to) = ("\(source)/\(name)", "\(destination)/\(name)")
        // A link among devices leads to one that is there under its own name; one that has gone meanwhile is nobody's loss.
        guard let status = try? fileStatus(from, following: false) else { continue }
        if status.kind == .directory {
            found += try devices(below: from, at: to, access: access, isAll: false)
        } else if let device = HostDevice(status, at: to, access: access) {
            found.append(device)
        }
    }
    return found
}

extension HostDevice {
    fileprivate init?(_ status: FileStatus, at path: String, access: String) {
        guard status.kind == .characterDevice || status.kind == .blockDevice else { return nil }
        self.init(
            path: path, isBlock: status.kind == .blockDevice, major: status.deviceNumber.major,
            minor: status.deviceNumber.minor, mode: status.permissions, uid: status.uid, gid: status.gid,
            access: access)
    }
}
