import JSON
import Kernel
import Suite

private let sysctl = property(
    "sysctl",
    "`sysctl` (object, OPTIONAL) allows kernel parameters to be modified at runtime for the container.",
    "config-linux.md#sysctl")
private let personality = property(
    "personality",
    "`domain` (string, REQUIRED) - the execution domain. … `LINUX32` will set the `uname` system call to show a 32 bit CPU type, such as `i686`.",
    "config-linux.md#personality")
private let personalityFlags = property(
    "personality.flags",
    "`flags` (array of strings, OPTIONAL) - the additional flags to apply. Currently no flag values are supported.",
    "config-linux.md#personality")
private let policy = property(
    "memoryPolicy", "`memoryPolicy` (object, OPTIONAL) sets the NUMA memory policy for the container.",
    "config-linux.md#memory-policy")
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let noResctrl = must(
    "intelRdt.none",
    "If no mounted `resctrl` pseudo-filesystem is available in the runtime mount namespace, the runtime MUST generate an error.",
    "config-linux.md#intelrdt")

/// config-linux.md, "Sysctl", "Personality", "Memory policy", "IntelRdt".
let kernelSettingsSection = Section(
    "kernel settings",
    [
        check("oci.sysctl.network", "a sysctl of the network namespace is set", sysctl) {
            bench throws(Stop) in
            bench.setNamespace("network")
            bench.config.set(
                "linux.sysctl",
                value: .object([
                    .init("net.ipv4.ip_forward", .string("1")), .init("net.core.somaxconn", .string("321")),
                ]))
            let seen = try bench.run(
                "read /proc/sys/net/ipv4/ip_forward", "read /proc/sys/net/core/somaxconn")
            try seen.expect("read /proc/sys/net/ipv4/ip_forward", "1")
            try seen.expect("read /proc/sys/net/core/somaxconn", "321")
        },
        check("oci.sysctl.ipc", "a sysctl of the ipc namespace is set", sysctl) { bench throws(Stop) in
            bench.config.set(
                "linux.sysctl",
                value: .object([
                    .init("kernel.msgmax", .string("4096")), .init("fs.mqueue.msg_max", .string("7")),
                ]))
            let seen = try bench.run("read /proc/sys/kernel/msgmax", "read /proc/sys/fs/mqueue/msg_max")
            try seen.expect("read /proc/sys/kernel/msgmax", "4096")
            try seen.expect("read /proc/sys/fs/mqueue/msg_max", "7")
        },
        check("oci.sysctl.uts", "the sysctl of the domain name is set", sysctl) { bench throws(Stop) in
            bench.config.set(
                "linux.sysctl", value: .object([.init("kernel.domainname", .string("by.sysctl"))]))
            try bench.run("read /proc/sys/kernel/domainname").expect(
                "read /proc/sys/kernel/domainname", "by.sysctl")
        },
        check(
            "oci.sysctl.readonly", "sysctls are set although /proc/sys is read-only for the container", sysctl
        ) { bench throws(Stop) in
            bench.config.set("linux.sysctl", value: .object([.init("kernel.msgmax", .string("4096"))]))
            bench.config.set("linux.readonlyPaths", #"["/proc/sys"]"#)
            try bench.run("read /proc/sys/kernel/msgmax").expect("read /proc/sys/kernel/msgmax", "4096")
        },
        check("oci.sysctl.unknown", "a sysctl nobody knows is an error", sysctl, invalid) {
            bench throws(Stop) in
            bench.setNamespace("network")
            bench.config.set("linux.sysctl", value: .object([.init("net.nonsense", .string("1"))]))
            try bench.mustRefuse("there is no sysctl net.nonsense")
        },
        check("oci.sysctl.bad-value", "a value the kernel refuses is an error", sysctl, invalid) {
            bench throws(Stop) in
            bench.setNamespace("network")
            bench.config.set("linux.sysctl", value: .object([.init("net.ipv4.ip_forward", .string("word"))]))
            try bench.mustRefuse("the kernel refuses the value")
        },
        // The container has no ipc namespace of its own: the host would get the setting.
        check(
            "oci.sysctl.host", "a sysctl of a namespace the container shares with the host is an error",
            sysctl, invalid
        ) { bench throws(Stop) in
            bench.setNamespace("ipc", present: false)
            bench.config.set("linux.sysctl", value: .object([.init("kernel.msgmax", .string("4096"))]))
            try bench.mustRefuse("the setting would be the host's")
        },
        check(
            "oci.personality.linux32", "the personality is LINUX32", personality,
            needs: [.since("1.1.0"), .x86]
        ) { bench throws(Stop) in
            bench.config.set("linux.personality", #"{"domain": "LINUX32"}"#)
            let text = try bench.run("read /proc/self/personality").text("read /proc/self/personality")
            try require(text.hasSuffix("8"), "PER_LINUX32", seen: text)
        },
        check("oci.personality.linux", "the personality is LINUX", personality, needs: [.since("1.1.0")]) {
            bench throws(Stop) in
            bench.config.set("linux.personality", #"{"domain": "LINUX"}"#)
            let text = try bench.run("read /proc/self/personality").text("read /proc/self/personality")
            try require(text.hasSuffix("0"), "PER_LINUX", seen: text)
        },
        check(
            "oci.personality.unknown", "a domain nobody knows is an error", personality, invalid,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("linux.personality", #"{"domain": "NONSENSE"}"#)
            try bench.mustRefuse("there is no domain NONSENSE")
        },
        check(
            "oci.personality.flags", "flags are an error: there are none", personalityFlags, invalid,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("linux.personality", #"{"domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]}"#)
            try bench.mustRefuse("no flag is supported")
        },
        check(
            "oci.memory-policy.bind", "the memory policy binds to nodes", policy,
            needs: [.since("1.3.0"), .numa, .feature("linux.memoryPolicy.modes", "MPOL_BIND")]
        ) { bench throws(Stop) in
            bench.config.set("linux.memoryPolicy", #"{"mode": "MPOL_BIND", "nodes": "0"}"#)
            let text = try bench.run("read /proc/self/numa_maps").text("read /proc/self/numa_maps")
            try require(text.contains(" bind:0"), "bind:0", seen: String(text.prefix(80)))
        },
        check(
            "oci.memory-policy.interleave", "the memory policy interleaves", policy,
            needs: [.since("1.3.0"), .numa, .feature("linux.memoryPolicy.modes", "MPOL_INTERLEAVE")]
        ) { bench throws(Stop) in
            bench.config.set(
                "linux.memoryPolicy",
                #"{"mode": "MPOL_INTERLEAVE", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}"#)
            let text = try bench.run("read /proc/self/numa_maps").text("read /proc/self/numa_maps")
            try require(
                text.contains(" interleave=static:0"), "interleave=static:0", seen: String(text.prefix(80)))
        },
        check(
            "oci.memory-policy.unknown", "a mode or flag nobody knows is an error", policy, invalid,
            needs: [.since("1.3.0")]
        ) { bench throws(Stop) in
            for value in [
                #"{"mode": "MPOL_NONSENSE"}"#,
                #"{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NONSENSE"]}"#,
                #"{"mode": "MPOL_BIND", "nodes": "x"}"#,
            ] {
                bench.config.set("linux.memoryPolicy", value)
                try bench.mustNotRun("the memory policy \(value)")
            }
        },
        check(
            "oci.intel-rdt.none", "intelRdt without a mounted resctrl is an error", noResctrl,
            needs: [.noResctrl]
        ) { bench throws(Stop) in
            bench.config.set("linux.intelRdt", #"{"closID": "conformance", "l3CacheSchema": "L3:0=f"}"#)
            try bench.mustRefuse("no resctrl is mounted")
        },
    ])

extension Need<Runtime> {
    /// A processor whose programs can be of 32 bits, too.
    fileprivate static var x86: Need {
        Need("x86") { _ in
            do throws(SystemError) {
                let isThere = try readText("/proc/cpuinfo").contains("vendor_id")
                return isThere ? nil : "the processor is no x86"
            } catch { return "\(error)" }
        }
    }

    /// A kernel with memory policies.
    fileprivate static var numa: Need { .kernelFile("/proc/self/numa_maps") }

    /// No resctrl is mounted.
    fileprivate static var noResctrl: Need {
        Need("no resctrl") { _ in
            do throws(SystemError) {
                return try mountTable().contains { $0.type == "resctrl" } ? "resctrl is mounted here" : nil
            } catch { return "\(error)" }
        }
    }
}
