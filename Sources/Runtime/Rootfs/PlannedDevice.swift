internal import JSON
package import Kernel
internal import OCISpec

/// A device file the container gets.
package struct PlannedDevice: Hashable, Sendable {
    /// Path in the container without a slash in front, for example `dev/null`.
    package let path: String
    package let kind: FileStatus.Kind
    package let number: DeviceNumber
    /// Permission bits, exact: no umask applies.
    package let mode: UInt32
    package let uid: UInt32
    package let gid: UInt32

    /// The devices every container gets, then those of the document. config-linux.md, "Default Devices".
    ///
    /// A device of the document takes the place of a default one with the same path.
    static func all(_ wanted: [Device]) throws(RuntimeError) -> [PlannedDevice] {
        var found: [PlannedDevice] = []
        for (index, device) in wanted.enumerated() {
            let place = "linux.devices[\(index)]"
            guard let major = UInt32(exactly: device.major), let minor = UInt32(exactly: device.minor) else {
                throw .unsupported(path: place, reason: "major and minor must not be negative")
            }
            found.append(
                PlannedDevice(
                    path: cleanPath(device.path), kind: FileStatus.Kind(device.type),
                    number: DeviceNumber(major: major, minor: minor),
                    mode: (device.fileMode ?? 0o666) & 0o7777, uid: device.uid ?? 0, gid: device.gid ?? 0))
            if found[index].path.isEmpty {
                throw .configuration(
                    JSONError(path: "\(place).path", problem: .notAllowed("'\(device.path)' names no file")))
            }
        }
        return standard.filter { device in !found.contains { $0.path == device.path } } + found
    }

    private static let standard = [
        character("dev/null", 1, 3), character("dev/zero", 1, 5), character("dev/full", 1, 7),
        character("dev/random", 1, 8), character("dev/urandom", 1, 9), character("dev/tty", 5, 0),
    ]

    private static func character(_ path: String, _ major: UInt32, _ minor: UInt32) -> PlannedDevice {
        PlannedDevice(
            path: path, kind: .characterDevice, number: DeviceNumber(major: major, minor: minor),
            mode: 0o666, uid: 0, gid: 0)
    }
}

extension FileStatus.Kind {
    fileprivate init(_ kind: Device.Kind) {
        switch kind {
        case .character, .unbuffered: self = .characterDevice
        case .block: self = .blockDevice
        case .fifo: self = .fifo
        }
    }
}
