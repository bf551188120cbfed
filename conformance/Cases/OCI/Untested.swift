import Suite

/// Sentences no case can check, or none does yet, and why.
let untested: [(clause: Clause, reason: String)] =
    forAuthors + forOtherMachines + [
        (
            must(
                "memory.checkBeforeUpdate",
                "If enabled (`true`), runtime MAY check if a new memory limit is lower than the current usage, and MUST reject the new limit.",
                "config-linux.md#memory"),
            "about updating a container, which is no operation of the specification"
        ),
        (
            must(
                "memory.useHierarchy",
                "If enabled (`true`), child cgroups will share the memory limits of this cgroup.",
                "config-linux.md#memory"),
            "kernels since 5.11 account in the hierarchy always"
        ),
        (
            must(
                "cgroups.delegate.fallback",
                "If the `/sys/kernel/cgroup/delegate` file does not exist, the runtime MUST fall back to using the following list of files: cgroup.procs, cgroup.subtree_control, cgroup.threads",
                "config-linux.md#cgroup-ownership"),
            "the file is there in every kernel since 4.15"
        ),
        (
            should(
                "process.execCPUAffinity.final",
                "If omitted or empty, runtime SHOULD NOT change process' CPU affinity after the process is moved to container's cgroup, and the final affinity is determined by the Linux kernel.",
                "config.md#linux-process"),
            "about processes added to a container, which is no operation of the specification"
        ),
        (
            should(
                "mounts.options.mount8-custom",
                "If a custom option string is already recognized by mount(8), the runtime SHOULD follow the behavior of mount(8).",
                "config.md#linux-mount-options"),
            "about options beyond the table that a runtime has made its own: they differ from one to the next"
        ),
        (
            should(
                "annotations.stopSignal",
                "`org.opencontainers.image.stopSignal` … Indicates signal that SHOULD be sent by the container runtimes to kill the container.",
                "config.md#annotations"), "the operation `kill` is told its signal"
        ),
        (
            must(
                "features.seccomp.knownFlags",
                "The runtime MUST recognize the elements in this array in the `flags` property of the `linux.seccomp` object in `config.json`.",
                "features-linux.md#seccomp"),
            "one that is known and not supported is an error like one that is unknown"
        ),
        (
            should(
                "mounts.idmap.not-passed",
                "This option SHOULD NOT be passed to the underlying `mount(2)` call.",
                "config.md#linux-mount-options"),
            "what is passed to a system call is seen from inside only when it does harm, and then the mount fails"
        ),
        (
            must(
                "netDevices.lifecycle",
                "The runtime MUST NOT actively manage the interface's lifecycle and configuration within the container's network namespace.",
                "config-linux.md#namespace-lifecycle-and-container-termination"),
            "something that must not happen at any time has no end to wait for"
        ),
        (
            should(
                "features.compile-time",
                "Hence, the content of the Features structure SHOULD be determined on the compilation time of the runtime, not on the execution time.",
                "features.md#features-structure"),
            "one machine cannot tell the two apart"
        ),
        (
            must(
                "features.null",
                "The `null` value MUST NOT be confused with an empty value such as `0`, `false`, `\"\"`, `[]`, and `{}`.",
                "features.md#features-structure"),
            "for readers of the document; this suite is one, and keeps to it"
        ),
    ]

/// Sentences about who writes a bundle or asks for one, not about a runtime.
private let forAuthors: [(clause: Clause, reason: String)] = [
    must("annotations.keys", "Keys MUST NOT be an empty string.", "config.md#annotations"),
    must("annotations.keys.strings", "Keys MUST be strings.", "config.md#annotations"),
    should(
        "annotations.keys.reverse",
        "Keys SHOULD be named using a reverse domain notation - e.g. `com.example.myKey`.",
        "config.md#annotations"),
    must(
        "annotations.described",
        "The `org.opencontainers` namespace for keys is reserved for use by this specification, annotations using keys in this namespace MUST be as described in this section.",
        "config.md#annotations"),
    must(
        "annotations.image",
        "`org.opencontainers.image.os` … The annotation value MUST have a valid value for the `os` property as defined in the OCI image specification. This annotation SHOULD only be used in accordance with the OCI image specification's runtime conversion specification.",
        "config.md#annotations"),
    should(
        "mounts.mappings.options",
        "If specified, the `options` field of the `mounts` structure SHOULD contain either `idmap` or `ridmap` to specify whether the mapping should be applied recursively for `rbind` mounts, as well as to ensure that older runtimes will not silently ignore this field.",
        "config.md#posix-platform-mounts"),
    must(
        "bundle.one-directory",
        "When supplied, while these artifacts MUST all be present in a single directory on the local filesystem, that directory itself is not part of the bundle.",
        "bundle.md#container-format"),
    must(
        "annotations.reserved",
        "All other keys in the `org.opencontainers` namespace not specified in this above table are reserved and MUST NOT be used by subsequent specifications.",
        "config.md#annotations"),
    should("root.conventional", "The value SHOULD be the conventional `rootfs`.", "config.md#root"),
    should(
        "mounts.destination.absolute", "Linux: This value SHOULD be an absolute path.", "config.md#mounts"),
    should(
        "devices.once", "The same `type`, `major` and `minor` SHOULD NOT be used for multiple devices.",
        "config-linux.md#devices"),
    must(
        "blockIO.weightDevice",
        "You MUST specify at least one of `weight` or `leafWeight` in a given entry, and MAY specify both.",
        "config-linux.md#block-io"),
    must(
        "rdma.one",
        "You MUST specify at least one of the `hcaHandles` or `hcaObjects` in a given entry, and MAY specify both.",
        "config-linux.md#rdma"),
    must(
        "cgroupsPath.kind", "The value of `cgroupsPath` MUST be either an absolute path or a relative path.",
        "config-linux.md#cgroups-path"),
].map {
    (
        $0,
        "it binds who writes the configuration; every text is one or the other, or the runtime need not look"
    )
}

/// Sentences about hardware or services that few machines have.
private let forOtherMachines: [(clause: Clause, reason: String)] =
    [
        must(
            "intelRdt.tasks",
            "If `intelRdt` is set, the runtime MUST write the container process ID to the `tasks` file in a proper sub-directory in a mounted `resctrl` pseudo-filesystem.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.unset",
            "If `intelRdt` is not set, the runtime MUST NOT manipulate any `resctrl` pseudo-filesystems.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.default",
            "As a special case, value `/` means that the container MUST be assigned to the default CLOS (the root of the resctrl filesystem).",
            "config-linux.md#intelrdt"),
        should(
            "intelRdt.l3", "The value SHOULD start with `L3:` and SHOULD NOT contain newlines.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.memBw", "The value MUST start with `MB:` and MUST NOT contain newlines.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.lines",
            "Each element represents one line in the `schemata` file. The value MUST NOT contain newlines.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.either",
            "If either `l3CacheSchema` or `memBwSchema` is set, runtimes MUST write the value to the `schemata` file in the that sub-directory discussed in `closID`.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.schemata-last",
            "If also `l3CacheSchema` or `memBwSchema` is set the value of `schemata` field must be written last, after the values from `l3CacheSchema` and `memBwSchema` has been written.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.assign",
            "If such pre-configured directory `closID` exists, runtime MUST assign container to this `closID` and generate an error if directory does not exist.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.monitoring.name",
            "The runtime MUST use the container ID from `start` as the name of the MON group, i.e. create `mon_groups/<container-id>/` subdirectory under the top-level CTRL_MON group (named after `closID` or `<container-id>`, see above).",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.monitoring.delete",
            "The runtime MUST delete the MON group after the container is deleted.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.monitoring.error",
            "If creation of the MON group fails (e.g. the maximum number of MON groups is reached) the runtime MUST return an error.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.both",
            "If both `l3CacheSchema` and `memBwSchema` are set, runtimes MUST write the values to the `schemata` file in that sub-directory discussed in `closID`.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.order", "The runtimes MUST write `l3CacheSchema` first and `memBwSchema` last.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.schemata",
            "If `schemata` field is set, runtimes MUST write the value to the `schemata` file in the that sub-directory discussed in `closID`.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.no-schemata",
            "If none of `l3CacheSchema`, `memBwSchema` or `schemata` is set, runtimes MUST NOT write to `schemata` files in any `resctrl` pseudo-filesystems.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.container-id",
            "If `closID` is not set, runtimes MUST use the container ID from `start` and create the `<container-id>` directory.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.create",
            "if `closID` directory in a mounted `resctrl` pseudo-filesystem doesn't exist, the runtimes MUST create it.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.compare",
            "if `closID` directory in a mounted `resctrl` pseudo-filesystem exists, runtimes MUST compare `l3CacheSchema` and/or `memBwSchema` value with `schemata` file, and generate an error if doesn't match.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.preconfigured",
            "If `closID` is set, and none of `l3CacheSchema`, `memBwSchema` or `schemata` are set, runtime MUST check if corresponding pre-configured directory `closID` is present in mounted `resctrl`.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.remove",
            "If `closID` is not set and the runtime has created the sub-directory, the runtime MUST remove the sub-directory when the container is deleted.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.keep",
            "If `closID` is set or the runtime has not created the sub-directory, the runtime MUST NOT remove the sub-directory when the container is deleted.",
            "config-linux.md#intelrdt"),
        must(
            "intelRdt.monitoring",
            "If `enableMonitoring` is set, the runtime MUST create a dedicated MON group for the container.",
            "config-linux.md#intelrdt"),
    ].map { ($0, "no case yet: needs a processor with Resource Director Technology and a mounted resctrl") }
    + [
        (
            must(
                "rdma.limits", "`rdma` (object, OPTIONAL) represents the cgroup subsystem `rdma`.",
                "config-linux.md#rdma"),
            "no case yet: needs RDMA hardware"
        ),
        (
            must(
                "features.apparmor",
                "`enabled` (bool, OPTIONAL) represents whether the runtime supports AppArmor.",
                "features-linux.md#apparmor"),
            "irrelevant to the machine, as the page says; oci.apparmor.* check the real thing where it is"
        ),
    ]
