import JSON
import Kernel
import Suite

private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let zero = should(
    "resources.pids.zero",
    "Even though it may superficially seem redundant, `0` is a valid limit value for the `pids` cgroup controller from the kernel's perspective and SHOULD be treated as such by runtimes.",
    "config-linux.md#pids")
private let burst = Clause(
    "oci.resources.cpu.burst-above-quota", .may,
    "If specified, this value MUST be no larger than any positive `quota` (runtimes MAY generate an error).",
    specificationAddress + "config-linux.md#cpu")
private let quota = Clause(
    "oci.resources.cpu.quota-below-burst", .may,
    "If specified with any (valid) positive value, it MUST be no smaller than `burst` (runtimes MAY generate an error).",
    specificationAddress + "config-linux.md#cpu")
private let pageSize = must(
    "resources.hugepageLimits.pageSize",
    "The value has the format `<size><unit-prefix>B` (64KB, 2MB, 1GB), and must match the `<hugepagesize>` of the corresponding control file found in `/sys/fs/cgroup/hugetlb/hugetlb.<hugepagesize>.rsvd.limit_in_bytes` (if hugetlb_cgroup reservation is supported) or `/sys/fs/cgroup/hugetlb/hugetlb.<hugepagesize>.limit_in_bytes` (if not supported).",
    "config-linux.md#huge-page-limits")
private let huge = property(
    "resources.hugepageLimits",
    "`hugepageLimits` (array of objects, OPTIONAL) represents the `hugetlb` controller which allows to limit the HugeTLB reservations (if supported) or usage (page fault).",
    "config-linux.md#huge-page-limits")
private let throttle = property(
    "resources.blockIO.throttle",
    "`throttleReadBpsDevice`, `throttleWriteBpsDevice` (array of objects, OPTIONAL) - an array of per-device bandwidth rate limits.",
    "config-linux.md#block-io")

/// config-linux.md, the controllers, in the version of cgroups this machine has for each.
let resourcesSection = Section(
    "resources",
    (memoryResources + cpuResources + otherResources).map(resourceCase) + [
        check(
            "oci.resources.pids.enforced", "the kernel enforces the limit of processes",
            clauses: [otherResources[0].clause], needs: [.controller("pids")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.pids.limit", "5")
            // The runtime's own processes in the cgroup may count when the program starts; the limit holds.
            let made = try bench.run("fork 20").value("fork 20").integer ?? 99
            try require(made < 5, "fewer than 5 more processes", seen: "\(made)")
        },
        // Before 1.3 nothing said so, and podman 4 writes 0 for no limit: who serves it has to keep to that.
        check(
            "oci.resources.pids.zero", "a limit of no process is taken as it is, or an error from the kernel",
            zero, needs: [.controller("pids"), .since("1.3.0")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.pids.limit", "0")
            guard try bench.create().isSuccess else { return }
            try bench.expect("pids", "pids.max", try bench.state().pid, "0")
        },
        check(
            "oci.resources.cpu.burst-above-quota",
            "a burst above the quota is an error of the runtime or the kernel", burst, quota, invalid,
            needs: [.cgroupFile("cpu", v1: "cpu.cfs_burst_us", v2: "cpu.max.burst"), .since("1.1.0")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.cpu", #"{"quota": 50000, "period": 100000, "burst": 60000}"#)
            try bench.mustRefuse("the burst is above the quota")
        },
        check(
            "oci.resources.cpu.cpus-missing", "CPUs that are not there are an error", invalid,
            needs: [.controller("cpuset")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.cpu.cpus", #""4000""#)
            try bench.mustRefuse("there is no CPU 4000")
        },
        check(
            "oci.resources.memory.too-small",
            "a limit no program fits into is an error, or ends the container", invalid,
            needs: [.controller("memory")]
        ) { bench throws(Stop) in
            bench.config.set("linux.resources.memory.limit", "4096")
            bench.ask(["pid"])
            guard try bench.create().isSuccess, try bench.start().isSuccess else { return }
            try bench.waitUntil("stopped")
        },
        check(
            "oci.resources.huge-pages", "the limit of huge pages is set", huge,
            needs: [.controller("hugetlb")]
        ) { bench throws(Stop) in
            guard let hierarchy = Hierarchy.of("hugetlb"), let file = hierarchy.hugePageFile() else {
                throw .skip("the kernel has no size of huge pages")
            }
            bench.config.set(
                "linux.resources.hugepageLimits", #"[{"pageSize": "\#(file.size)", "limit": 4194304}]"#)
            let state = try bench.mustCreate()
            try bench.expect("hugetlb", file.name, state.pid, "4194304")
        },
        check(
            "oci.resources.huge-pages-unknown", "a size of huge pages the kernel does not have is an error",
            pageSize, invalid, needs: [.controller("hugetlb")]
        ) { bench throws(Stop) in
            bench.config.set(
                "linux.resources.hugepageLimits", #"[{"pageSize": "3MB", "limit": 4194304}]"#)
            try bench.mustRefuse("there are no huge pages of 3MB")
        },
        check(
            "oci.resources.blockIO.throttle", "the rate limit of a device is set", throttle,
            needs: [.cgroupFile("blkio", v1: "blkio.throttle.read_bps_device", v2: "io.max"), .blockDevice]
        ) { bench throws(Stop) in
            guard let device = firstBlockDevice() else { throw .skip("there is no block device") }
            let (major, minor) = (device.major, device.minor)
            bench.config.set(
                "linux.resources.blockIO.throttleReadBpsDevice",
                #"[{"major": \#(major), "minor": \#(minor), "rate": 1048576}]"#)
            let state = try bench.mustCreate()
            try bench.expect(
                "blkio", "blkio.throttle.read_bps_device", state.pid, "\(major):\(minor) 1048576")
        },
    ])

private func resourceCase(_ resource: Resource) -> Case<ContainerBench> {
    check(
        "oci.resources.\(resource.name)", "the kernel has the value of \(resource.name)", resource.clause,
        needs: [
            .cgroupFile(resource.controller, v1: resource.old.file, v2: resource.new.file),
            .since(resource.version),
        ]
    ) { bench throws(Stop) in
        for (path, value) in resource.settings { bench.config.set("linux.resources.\(path)", value) }
        let state = try bench.mustCreate()
        let isUnified = Hierarchy.of(resource.controller)?.isUnified == true
        let wanted = isUnified ? resource.new : resource.old
        if wanted.content == "*" {
            return try bench.expectChanged(resource.controller, wanted.file, state.pid)
        }
        try bench.expect(resource.controller, wanted.file, state.pid, wanted.content)
    }
}

extension ContainerBench {
    /// Fails unless the file of the process's cgroup has a line that is `wanted`.
    fileprivate func expect(_ controller: String, _ file: String, _ pid: Int32, _ wanted: String) throws(Stop)
    {
        let text = try cgroupText(controller, file, pid)
        let lines = text.split(separator: "\n").map(String.init)
        try require(lines.contains(wanted), "\(file) with \(wanted)", seen: text)
    }

    /// Fails when the file of the process's cgroup has what the host's own groups have.
    fileprivate func expectChanged(_ controller: String, _ file: String, _ pid: Int32) throws(Stop) {
        let text = try cgroupText(controller, file, pid)
        try require(
            text != "100" && text != "default 100", "another \(file) than that of new cgroups", seen: text)
    }

    private func cgroupText(_ controller: String, _ file: String, _ pid: Int32) throws(Stop) -> String {
        guard let folder = Hierarchy.of(controller)?.directory(of: pid) else {
            throw .finding(expected: "a cgroup of the container for \(controller)", seen: "none")
        }
        return try prepare("a look at \(file)") { () throws(SystemError) in try readText(folder + "/" + file)
        }
    }
}

extension Hierarchy {
    /// The file of the smallest huge pages, where reservations count before usage.
    fileprivate func hugePageFile() -> (name: String, size: String)? {
        let (reserved, plain) =
            isUnified ? (".rsvd.max", ".max") : (".rsvd.limit_in_bytes", ".limit_in_bytes")
        for size in ["64KB", "2MB", "1GB"] {
            for end in [reserved, plain] where hasFile("hugetlb.\(size)\(end)") {
                return ("hugetlb.\(size)\(end)", size)
            }
        }
        return nil
    }
}

private func firstBlockDevice() -> DeviceNumber? {
    do throws(SystemError) {
        for name in try listDirectory("/sys/block").sorted()
        where !name.hasPrefix("loop") && !name.hasPrefix("ram") {
            let parts = try readText("/sys/block/\(name)/dev").split { $0 == ":" || $0 == "\n" }.compactMap {
                UInt32($0)
            }
            if parts.count == 2 { return DeviceNumber(major: parts[0], minor: parts[1]) }
        }
    } catch {}
    return nil
}

extension Need<Runtime> {
    fileprivate static var blockDevice: Need {
        Need("a block device") { _ in
            firstBlockDevice() == nil ? "this machine shows no block device in /sys/block" : nil
        }
    }
}
