import ArgumentParser
import Engine
import Kernel

/// Flags about the container's files and devices.
struct StorageFlags: ParsableArguments {
    @Option(
        name: [.customShort("v", allowingJoined: true), .customLong("volume")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Mount a volume or a directory of the host.", valueName: "[source:]path[:options]")
    )
    var volumes: [String] = []
    @Option(
        name: .customLong("mount"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Mount something, in the long form.", valueName: "type=...,source=...,target=..."))
    var mounts: [String] = []
    @Option(
        name: .customLong("tmpfs"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Mount a file system in memory.", valueName: "path[:options]"))
    var temporary: [String] = []
    @Flag(name: .customLong("read-only"), help: "Mount the container's root file system read-only.")
    var isReadOnly = false
    @Option(name: .customLong("shm-size"), help: ArgumentHelp("Size of /dev/shm.", valueName: "bytes"))
    var sharedMemorySize: String?
    @Option(
        name: .customLong("device"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Give the container a device of the host.", valueName: "host[:container][:rwm]"))
    var devices: [String] = []

    func fill(_ record: inout ContainerRecord) throws(EngineError) {
        let directory: String
        do throws(SystemError) { directory = try currentDirectory() } catch { directory = "/" }
        for text in volumes {
            record.mounts.append(try ContainerRecord.Mount(volumeOption: text, directory: directory))
        }
        for text in mounts { record.mounts.append(try ContainerRecord.Mount(mountOption: text)) }
        for text in temporary { record.mounts.append(try ContainerRecord.Mount(tmpfsOption: text)) }
        try checkMounts(record.mounts)
        record.hasReadOnlyRoot = isReadOnly
        if let sharedMemorySize { record.sharedMemorySize = try byteCount(sharedMemorySize, "--shm-size") }
        for text in devices { record.devices.append(try ContainerRecord.Device(option: text)) }
    }
}
