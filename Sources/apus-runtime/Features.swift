import JSON
import OCISpec

/// What the runtime can do. OCI runtime-spec 1.3, features.md and features-linux.md.
func featuresDocument() -> JSONValue {
    .object([
        .init("ociVersionMin", .string("1.0.0")),
        .init("ociVersionMax", .string(specificationVersion)),
        .init(
            "hooks",
            .strings([
                "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
            ])),
        .init("linux", linuxFeatures()),
        .init("annotations", .object([.init("org.apus.runtime.version", .string(programVersion))])),
        .init("potentiallyUnsafeConfigAnnotations", .array([])),
    ])
}

private func linuxFeatures() -> JSONValue {
    .object([
        .init("namespaces", .strings(Namespace.Kind.allCases.map(\.rawValue).sorted())),
        .init("cgroup", cgroupFeatures()),
        .init("seccomp", seccompFeatures()),
        .init("apparmor", enabled(true)),
        .init("selinux", enabled(true)),
        .init("intelRdt", enabled(false)),
        .init("memoryPolicy", memoryPolicyFeatures()),
        .init("mountExtensions", .object([.init("idmap", enabled(true))])),
        .init("netDevices", enabled(true)),
    ])
}

private func cgroupFeatures() -> JSONValue {
    .object([
        .init("v1", .boolean(true)), .init("v2", .boolean(true)), .init("systemd", .boolean(false)),
        .init("systemdUser", .boolean(false)), .init("rdma", .boolean(true)),
    ])
}

private func seccompFeatures() -> JSONValue {
    let flags = Seccomp.Flag.allCases.map(\.rawValue).sorted()
    return .object([
        .init("enabled", .boolean(true)),
        .init("actions", .strings(Seccomp.Action.allCases.map(\.rawValue).sorted())),
        .init("operators", .strings(Seccomp.Operator.allCases.map(\.rawValue).sorted())),
        .init("archs", .strings(Seccomp.Architecture.allCases.map(\.rawValue).sorted())),
        .init("knownFlags", .strings(flags)),
        .init("supportedFlags", .strings(flags)),
    ])
}

private func memoryPolicyFeatures() -> JSONValue {
    .object([
        .init("modes", .strings(MemoryPolicy.Mode.allCases.map(\.rawValue))),
        .init("flags", .strings(MemoryPolicy.Flag.allCases.map(\.rawValue))),
    ])
}

private func enabled(_ flag: Bool) -> JSONValue { .object([.init("enabled", .boolean(flag))]) }
