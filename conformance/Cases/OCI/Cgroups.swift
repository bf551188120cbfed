import JSON
import Kernel
import Suite

private let place = "config-linux.md#cgroups-path"

private let absolute = must(
    "cgroupsPath.absolute",
    "In the case of an absolute path (starting with `/`), the runtime MUST take the path to be relative to the cgroups mount point.",
    place)
private let consistent = must(
    "cgroupsPath.consistent",
    "If the value is specified, the runtime MUST consistently attach to the same place in the cgroups hierarchy given the same value of `cgroupsPath`.",
    place)
private let created = property(
    "cgroupsPath.created", "The cgroups will be created if they don't exist.", place)
private let invalidPath = must(
    "cgroupsPath.invalid",
    "Runtimes MAY consider certain `cgroupsPath` values to be invalid, and MUST generate an error if this is the case.",
    place)
private let fit = must(
    "cgroups.fit",
    "A runtime MAY, during a particular container operation, such as create, start, or exec, check if the container cgroup is fit for purpose, and MUST generate an error if such a check fails.",
    "config-linux.md#control-groups")
private let order = must(
    "cgroups.devices.order", "The runtime MUST apply entries in the listed order.",
    "config-linux.md#allowed-device-list")
private let allow = property(
    "cgroups.devices.allow", "`allow` (boolean, REQUIRED) - whether the entry is allowed or denied.",
    "config-linux.md#allowed-device-list")
private let access = property(
    "cgroups.devices.access",
    "`access` (string, OPTIONAL) - cgroup permissions for device. A composition of `r` (read), `w` (write), and `m` (mknod).",
    "config-linux.md#allowed-device-list")

/// config-linux.md, "Cgroups Path" and "Allowed Device list".
let cgroupsSection = Section(
    "cgroups",
    [
        check(
            "oci.cgroups-path.absolute",
            "an absolute path is one below the mount point, in every hierarchy that is used", absolute,
            created
        ) { bench throws(Stop) in
            let state = try bench.mustCreate()
            let path = bench.runtime.cgroup + "/" + bench.id
            let used = Hierarchy.all().filter { $0.directory(of: state.pid) == $0.mountPoint + path }
            try require(!used.isEmpty, "the container's process in \(path)", seen: bench.placesOf(state.pid))
            for name in ["memory", "pids", "cpu"] {
                guard let hierarchy = Hierarchy.of(name) else { continue }
                try require(
                    used.contains(hierarchy), "the container's process in \(path) of the \(name) hierarchy",
                    seen: hierarchy.directory(of: state.pid) ?? "none")
            }
        },
        check("oci.cgroups-path.consistent", "the same path is the same place the second time", consistent) {
            bench throws(Stop) in
            let state = try bench.mustCreate()
            let first = bench.placesOf(state.pid)
            try bench.kill()
            try bench.awaitEnd(of: state.pid)
            try bench.delete()
            let second = bench.placesOf(try bench.mustCreate().pid)
            try require(first == second, first, seen: second)
        },
        check(
            "oci.cgroups-path.relative", "a relative path is some place, and a container's own", created,
            invalidPath
        ) { bench throws(Stop) in
            bench.config.set("linux.cgroupsPath", "\"\(bench.id)\"")
            let answer = try bench.create()
            guard answer.isSuccess else {
                throw .skip("the runtime takes no relative path: \(answer.errors)")
            }
            let state = try bench.state()
            let places = bench.placesOf(state.pid)
            try require(places.contains(bench.id), "cgroups with the name of the path", seen: places)
        },
        check("oci.cgroups-path.unset", "without a path the container has cgroups all the same", created) {
            bench throws(Stop) in
            bench.config.set("linux.cgroupsPath", "")
            let state = try bench.mustCreate()
            let groups = bench.placesOf(state.pid)
            try require(
                groups != bench.placesOf(processID()), "other cgroups than the runtime's", seen: groups)
        },
        check(
            "oci.cgroups-path.shared",
            "two running containers in one cgroup: an error, or each keeps its own life", fit, invalidPath
        ) { bench throws(Stop) in
            bench.ask(["sleep"])
            let first = try bench.mustCreate()
            try bench.mustStart()
            let other = bench.id + "b"
            guard try bench.create(other).isSuccess else { return }
            try bench.kill(other)
            try bench.waitUntil("stopped", other)
            try bench.delete(other)
            try require(fileExists("/proc/\(first.pid)"), "the first container runs on", seen: "it is gone")
        },
        check(
            "oci.cgroups-devices.deny", "a device that is denied cannot be opened", allow, access,
            needs: [.deviceControl]
        ) { bench throws(Stop) in
            try bench.devices(
                #"{"allow": false, "access": "rwm"}"#,
                #"{"allow": true, "type": "c", "major": 1, "minor": 5, "access": "r"}"#)
            let seen = try bench.run("open /dev/zero r", "open /dev/extra r")
            try seen.expect("open /dev/zero r", "true")
            try seen.expectError("open /dev/extra r", .notPermitted)
        },
        check(
            "oci.cgroups-devices.order", "a later entry wins over an earlier one", order,
            needs: [.deviceControl]
        ) { bench throws(Stop) in
            try bench.devices(
                #"{"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm"}"#,
                #"{"allow": false, "access": "rwm"}"#)
            try bench.run("open /dev/extra r").expectError("open /dev/extra r", .notPermitted)
        },
        check(
            "oci.cgroups-devices.order-last", "what is allowed after everything is denied is allowed", order,
            allow, needs: [.deviceControl]
        ) { bench throws(Stop) in
            try bench.devices(
                #"{"allow": false, "access": "rwm"}"#,
                #"{"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm"}"#)
            // Nothing may stand behind the number: then the kernel says so, after it has permitted it.
            let seen = try bench.run("open /dev/extra r")
            try require(
                seen.error("open /dev/extra r") != .notPermitted, "not \"\(Errno.notPermitted.reason)\"",
                seen: "it is")
        },
        check(
            "oci.cgroups-devices.access", "reading can be allowed without writing", access,
            needs: [.deviceControl]
        ) { bench throws(Stop) in
            try bench.devices(
                #"{"allow": false, "access": "rwm"}"#,
                #"{"allow": true, "type": "c", "major": 1, "minor": 99, "access": "r"}"#)
            bench.config.append(
                "linux.devices",
                #"{"type": "c", "path": "/dev/zero2", "major": 1, "minor": 99, "fileMode": 438}"#)
            let seen = try bench.run("open /dev/zero2 r", "open /dev/zero2 w")
            try require(
                seen.error("open /dev/zero2 r") != .notPermitted, "reading is permitted", seen: "it is not")
            try seen.expectError("open /dev/zero2 w", .notPermitted)
        },
        // All runtimes let a container make device files, as older engines wanted; opening them is what counts.
        check(
            "oci.cgroups-devices.made",
            "a device the container makes itself cannot be opened when it is denied", access,
            needs: [.deviceControl]
        ) { bench throws(Stop) in
            try bench.devices(#"{"allow": false, "access": "rwm"}"#)
            bench.config.append(
                "mounts", #"{"destination": "/m", "type": "tmpfs", "source": "m", "options": ["dev"]}"#)
            let seen = try bench.run("make-node /m/made c 10 229", "open /m/made r")
            if seen.error("make-node /m/made c 10 229") != nil { return }
            try seen.expectError("open /m/made r", .notPermitted)
        },
        check("oci.cgroups-devices.all", "everything can be allowed", allow, needs: [.deviceControl]) {
            bench throws(Stop) in
            try bench.devices(#"{"allow": true, "access": "rwm"}"#)
            let request = "make-node /made c 10 229"
            try bench.run(request).expect(request, "true")
        },
    ])

extension ContainerBench {
    /// Where the process `pid` is in each hierarchy, as text.
    func placesOf(_ pid: Int32) -> String {
        Hierarchy.all().compactMap { $0.directory(of: pid) }.joined(separator: " ")
    }

    /// Sets the list of allowed devices, and puts the device 10:229 at /dev/extra.
    fileprivate func devices(_ entries: String...) throws(Stop) {
        for entry in entries { config.append("linux.resources.devices", entry) }
        config.append(
            "linux.devices",
            #"{"type": "c", "path": "/dev/extra", "major": 10, "minor": 229, "fileMode": 438}"#)
    }
}

extension Need<Runtime> {
    /// The devices controller of the old hierarchy, or eBPF programs of the new one.
    fileprivate static var deviceControl: Need { .controller("devices") }
}
