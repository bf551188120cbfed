import JSON
import Kernel
import OCISpec
import Runtime
import Seccomp

/// What the runtime can do. OCI runtime-spec 1.3, features.md and features-linux.md.
func featuresDocument() -> JSONValue {
    var document = JSONObject()
    document.set("ociVersionMin", "1.0.0")
    document.set("ociVersionMax", specificationVersion)
    document.set(
        "hooks",
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
    document.set("mountOptions", supportedMountOptions())
    document.set("linux", linuxFeatures())
    document.set("annotations", annotations())
    // Nothing an annotation says changes what this runtime does.
    document.set("potentiallyUnsafeConfigAnnotations", .array([]))
    return document.value
}

private func annotations() -> JSONValue {
    var object = JSONObject()
    object.set("io.github.seccomp.libseccomp.version", SeccompSupport.libraryVersion())
    object.set("org.opencontainers.runc.checkpoint.enabled", "false")
    return object.value
}

private func linuxFeatures() -> JSONValue {
    var linux = JSONObject()
    linux.set("namespaces", Namespace.Kind.allCases.map(\.rawValue).sorted())
    linux.set("capabilities", Array(capabilityNames.prefix(highestCapability() + 1)))
    linux.set("cgroup", cgroupFeatures())
    linux.set("seccomp", seccompFeatures())
    linux.set("apparmor", enabled(true))
    linux.set("selinux", enabled(true))
    linux.set("intelRdt", enabled(false))
    linux.set("memoryPolicy", memoryPolicyFeatures())
    linux.set("mountExtensions", .object([.init("idmap", enabled(true))]))
    linux.set("netDevices", enabled(true))
    return linux.value
}

private func cgroupFeatures() -> JSONValue {
    var cgroup = JSONObject()
    cgroup.set("v1", true)
    cgroup.set("v2", true)
    cgroup.set("systemd", false)
    cgroup.set("systemdUser", false)
    cgroup.set("rdma", true)
    return cgroup.value
}

private func seccompFeatures() -> JSONValue {
    var seccomp = JSONObject()
    seccomp.set("enabled", SeccompSupport.isEnabled)
    seccomp.set("actions", SeccompSupport.actions().map(\.rawValue).sorted())
    seccomp.set("operators", SeccompSupport.operators().map(\.rawValue).sorted())
    seccomp.set("archs", SeccompSupport.architectures().map(\.rawValue).sorted())
    seccomp.set("knownFlags", SeccompSupport.knownFlags().map(\.rawValue).sorted())
    seccomp.set("supportedFlags", SeccompSupport.supportedFlags().map(\.rawValue).sorted())
    return seccomp.value
}

private func memoryPolicyFeatures() -> JSONValue {
    var policy = JSONObject()
    policy.set("modes", MemoryPolicy.Mode.allCases.map(\.rawValue))
    policy.set("flags", MemoryPolicy.Flag.allCases.map(\.rawValue))
    return policy.value
}

private func enabled(_ flag: Bool) -> JSONValue { .object([.init("enabled", .boolean(flag))]) }
