import ArgumentParser
import Engine

/// Flags about what the container may do and see.
struct RightFlags: ParsableArguments {
    @Option(
        name: .customLong("cap-add"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Add a capability, or ALL.", valueName: "capability"))
    var added: [String] = []
    @Option(
        name: .customLong("cap-drop"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Drop a capability, or ALL.", valueName: "capability"))
    var dropped: [String] = []
    @Flag(name: .customLong("privileged"), help: "Give the container every right and device of this machine.")
    var isPrivileged = false
    @Option(
        name: .customLong("security-opt"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "seccomp=unconfined|FILE, no-new-privileges, apparmor=PROFILE, systempaths=unconfined.",
            valueName: "option"))
    var securityOptions: [String] = []
    @Option(
        name: .customLong("sysctl"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a kernel parameter of the container's namespaces.", valueName: "name=value"))
    var sysctls: [String] = []
    @Option(help: ArgumentHelp("Process namespace.", valueName: "host|container:name"))
    var pid: String?
    @Option(help: ArgumentHelp("IPC namespace.", valueName: "private|shareable|none|host|container:name"))
    var ipc: String?
    @Option(help: ArgumentHelp("Namespace of the host name.", valueName: "host"))
    var uts: String?
    @Option(name: .customLong("cgroupns"), help: ArgumentHelp("Cgroup namespace.", valueName: "host|private"))
    var cgroup: String?

    func fill(_ record: inout ContainerRecord) throws(EngineError) {
        record.addedCapabilities = added
        record.droppedCapabilities = dropped
        record.isPrivileged = isPrivileged
        record.securityOptions = securityOptions
        record.sysctls = try settings(sysctls, "--sysctl")
        record.namespaces = try ContainerRecord.Namespaces(pid: pid, ipc: ipc, uts: uts, cgroup: cgroup)
        try checkRights(of: record)
    }
}
