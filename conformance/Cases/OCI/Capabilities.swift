import JSON
import Kernel
import Suite

private let place = "config.md#linux-process"

private let sets = [
    "bounding", "effective", "inheritable", "permitted", "ambient",
].map { name in
    property(
        "capabilities.\(name)",
        "`\(name)` (array of strings, OPTIONAL) the `\(name)` field is an array of \(name) capabilities that are kept for the process.",
        place)
}
private let unknown = must(
    "capabilities.unknown",
    "Any value which cannot be mapped to a relevant kernel interface, or cannot be granted otherwise MUST be logged as a warning by the runtime.",
    place)
private let goOn = should(
    "capabilities.go-on",
    "Runtimes SHOULD NOT fail if the container configuration requests capabilities that cannot be granted, for example, if the runtime operates in a restricted environment with a limited set of capabilities.",
    place)
private let warnings = must(
    "warnings.continue",
    "Unless otherwise stated, logging a warning does not change the flow of the operation; it MUST continue as if the warning had not been logged.",
    "runtime.md#warnings")
private let noNew = property(
    "process.noNewPrivileges",
    "`noNewPrivileges` (bool, OPTIONAL) setting `noNewPrivileges` to true prevents the process from gaining additional privileges.",
    place)

/// config.md, "Linux Process": capabilities and privileges.
let capabilitiesSection = Section(
    "capabilities",
    [
        check("oci.capabilities.sets", "each of the five sets is what the configuration says", clauses: sets)
        { bench throws(Stop) in
            bench.config.set(
                "process.capabilities",
                #"""
                {"bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID"],
                 "permitted": ["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"],
                 "effective": ["CAP_CHOWN", "CAP_KILL"], "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]}
                """#)
            bench.config.set("process.user", #"{"uid": 1000, "gid": 1000}"#)
            let seen = try bench.run("capabilities").value("capabilities")
            // A program without capabilities of its own, run by somebody who is not root, has the ambient ones and no others.
            try expect(seen, "bounding", ["CAP_CHOWN", "CAP_KILL", "CAP_SETGID", "CAP_SETUID"])
            try expect(seen, "inheritable", ["CAP_KILL"])
            try expect(seen, "ambient", ["CAP_KILL"])
            try expect(seen, "effective", ["CAP_KILL"])
            try expect(seen, "permitted", ["CAP_KILL"])
        },
        check(
            "oci.capabilities.root", "root has what is bounding, after its program is executed", clauses: sets
        ) { bench throws(Stop) in
            let all = #"["CAP_CHOWN", "CAP_SETUID"]"#
            bench.config.set(
                "process.capabilities", #"{"bounding": \#(all), "effective": \#(all), "permitted": \#(all)}"#)
            let seen = try bench.run("capabilities").value("capabilities")
            for name in ["bounding", "effective", "permitted"] {
                try expect(seen, name, ["CAP_CHOWN", "CAP_SETUID"])
            }
            for name in ["inheritable", "ambient"] { try expect(seen, name, []) }
        },
        check("oci.capabilities.none", "empty sets are none", clauses: sets) { bench throws(Stop) in
            bench.config.set("process.capabilities", #"{"bounding": [], "effective": [], "permitted": []}"#)
            let seen = try bench.run("capabilities").value("capabilities")
            for name in ["bounding", "effective", "permitted", "inheritable", "ambient"] {
                try expect(seen, name, [])
            }
        },
        check(
            "oci.capabilities.user", "another user than root has none in effect without ambient ones",
            clauses: sets
        ) { bench throws(Stop) in
            bench.config.set("process.user", #"{"uid": 1000, "gid": 1000}"#)
            let seen = try bench.run("capabilities").value("capabilities")
            try expect(seen, "effective", [])
            try expect(seen, "ambient", [])
        },
        check(
            "oci.capabilities.unknown", "a capability nobody knows is a warning, not an error", unknown, goOn,
            warnings, needs: [.since("1.1.0")]
        ) {
            bench throws(Stop) in
            bench.config.append("process.capabilities.bounding", #""CAP_NONSENSE""#)
            let seen = try bench.run("capabilities").value("capabilities")
            try require(
                seen.member("bounding")?.strings.contains("CAP_CHOWN") == true, "the other capabilities",
                seen: seen.text)
        },
        check("oci.no-new-privileges.on", "noNewPrivileges sets no_new_privs", noNew) { bench throws(Stop) in
            bench.config.set("process.noNewPrivileges", "true")
            try bench.run("status NoNewPrivs").expect("status NoNewPrivs", "1")
        },
        check("oci.no-new-privileges.off", "without noNewPrivileges no_new_privs is not set", noNew) {
            bench throws(Stop) in
            try bench.run("status NoNewPrivs").expect("status NoNewPrivs", "0")
        },
    ])

private func expect(_ seen: JSONValue, _ set: String, _ wanted: [String]) throws(Stop) {
    let names = (seen.member(set)?.strings ?? []).sorted()
    try require(
        names == wanted, "the \(set) set \(wanted.joined(separator: " "))", seen: names.joined(separator: " ")
    )
}
