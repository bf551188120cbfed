import JSON
import Kernel
import Suite

private let hostname = property(
    "hostname",
    "`hostname` (string, OPTIONAL) specifies the container's hostname as seen by processes running inside the container.",
    "config.md#hostname")
private let domainname = property(
    "domainname",
    "`domainname` (string, OPTIONAL) specifies the container's domainname as seen by processes running inside the container.",
    "config.md#domainname")
private let unknownAnnotation = must(
    "annotations.unknown", "Runtimes MUST handle unknown annotation keys like any other unknown property.",
    "config.md#annotations")
private let unknownProperty = must(
    "extensibility.ignore",
    "Runtimes MAY log unknown properties but MUST otherwise ignore them. That includes not generating errors if they encounter an unknown property.",
    "config.md#extensibility")
private let invalid = must(
    "valid-values.error",
    "Runtimes MUST generate an error when invalid or unsupported values are encountered.",
    "config.md#valid-values")
private let annotationMap = must(
    "annotations.map", "Annotations MUST be a key-value map.", "config.md#annotations")
private let annotationValues = must("annotations.values", "Values MUST be strings.", "config.md#annotations")
private let semver = must(
    "ociVersion.semver",
    "`ociVersion` (string, REQUIRED) MUST be in SemVer v2.0.0 format and specifies the version of the Open Container Initiative Runtime Specification with which the bundle complies.",
    "config.md#specification-version")
private let compatible = property(
    "ociVersion.compatible",
    "The Open Container Initiative Runtime Specification follows semantic versioning and retains forward and backward compatibility within major versions.",
    "config.md#specification-version")

/// config.md: host and domain name, annotations, versions, and what is unknown or wrong.
let namesSection = Section(
    "names and values",
    [
        check("oci.hostname.set", "the hostname is that of the configuration, inside only", hostname) {
            bench throws(Stop) in
            bench.config.set("hostname", #""inside.example""#)
            try bench.run("read /proc/sys/kernel/hostname").expect(
                "read /proc/sys/kernel/hostname", "inside.example")
            let mine = try prepare("a look") { () throws(SystemError) in
                try firstLine("/proc/sys/kernel/hostname")
            }
            try require(mine == "conformance", "the host's name of before", seen: mine)
        },
        check(
            "oci.hostname.changeable", "the container can change its hostname, and not the host's", hostname
        ) { bench throws(Stop) in
            let all = #"["CAP_SYS_ADMIN"]"#
            bench.config.set(
                "process.capabilities", #"{"bounding": \#(all), "effective": \#(all), "permitted": \#(all)}"#)
            let seen = try bench.run("set-hostname changed", "read /proc/sys/kernel/hostname")
            try seen.expect("read /proc/sys/kernel/hostname", "changed")
            let mine = try prepare("a look") { () throws(SystemError) in
                try firstLine("/proc/sys/kernel/hostname")
            }
            try require(mine == "conformance", "the host's name of before", seen: mine)
        },
        check(
            "oci.domainname.set", "the domainname is that of the configuration, inside only", domainname,
            needs: [.since("1.1.0")]
        ) { bench throws(Stop) in
            let before = try prepare("a look") { () throws(SystemError) in
                try readText("/proc/sys/kernel/domainname")
            }
            bench.config.set("domainname", #""inside.test""#)
            try bench.run("read /proc/sys/kernel/domainname").expect(
                "read /proc/sys/kernel/domainname", "inside.test")
            let after = try prepare("a look") { () throws(SystemError) in
                try readText("/proc/sys/kernel/domainname")
            }
            try require(after == before, "the host's domain name of before", seen: after)
        },
        check("oci.annotations.unknown", "annotations nobody knows are no error", unknownAnnotation) {
            bench throws(Stop) in
            bench.config.set(
                "annotations",
                #"{"com.example.unknown": "x", "org.opencontainers.unknown": "y", "plain": "z"}"#)
            try bench.run("pid").expect("pid", "1")
        },
        check(
            "oci.annotations.no-map", "annotations that are no map of strings are an error", annotationMap,
            annotationValues
        ) { bench throws(Stop) in
            for value in [#"["a"]"#, #"{"a": 1}"#, #""a""#] {
                bench.config.set("annotations", value)
                try bench.mustRefuse("annotations that are \(value)")
            }
        },
        check(
            "oci.properties.unknown", "properties nobody knows are ignored, wherever they are",
            unknownProperty
        ) { bench throws(Stop) in
            for path in [
                "nonsense", "process.nonsense", "root.nonsense", "linux.nonsense", "linux.resources.nonsense",
                "process.user.nonsense",
            ] {
                bench.config.set(path, #"{"a": [1, "b", null]}"#)
            }
            bench.config.append(
                "mounts", #"{"destination": "/t", "type": "tmpfs", "source": "t", "nonsense": 1}"#)
            try bench.run("pid").expect("pid", "1")
        },
        check("oci.values.types", "a value of the wrong type is an error", invalid) { bench throws(Stop) in
            let wrong = [
                ("process.cwd", "1"), ("process.args", #""text""#), ("root.readonly", #""yes""#),
                ("process.user.uid", #""root""#),
                ("mounts", "{}"), ("linux.namespaces", "{}"), ("hostname", "[]"),
            ]
            for (path, value) in wrong {
                let before = bench.config
                bench.config.set(path, value)
                try bench.mustNotRun("\(path) is \(value)")
                bench.config = before
            }
        },
        check("oci.values.missing-process-parts", "a process without cwd is an error", invalid) {
            bench throws(Stop) in
            bench.config.set("process.cwd", "")
            try bench.mustNotRun("process.cwd is missing")
        },
        check("oci.version.none", "a configuration without ociVersion is an error", semver, invalid) {
            bench throws(Stop) in
            bench.config.set("ociVersion", "")
            try bench.mustRefuse("ociVersion is missing")
        },
        check("oci.version.no-semver", "an ociVersion that is no SemVer is an error", semver, invalid) {
            bench throws(Stop) in
            for text in ["one", "1", "1.0.x", ""] {
                bench.config.set("ociVersion", "\"\(text)\"")
                try bench.mustRefuse("ociVersion is '\(text)'")
            }
        },
        check("oci.version.future", "a major version nobody knows is an error", compatible, invalid) {
            bench throws(Stop) in
            bench.config.set("ociVersion", #""99.0.0""#)
            try bench.mustRefuse("version 99.0.0 is not compatible with any")
        },
    ] + ["1.0.0", "1.0.1", "1.0.2-dev", "1.1.0", "1.2.0", "1.2.1", "1.3.0"].map(versionCase))

private func versionCase(_ text: String) -> Case<ContainerBench> {
    check("oci.version.\(text)", "a configuration of version \(text) runs", compatible, needs: [.since(text)])
    { bench throws(Stop) in
        bench.config.set("ociVersion", "\"\(text)\"")
        try bench.run("pid").expect("pid", "1")
    }
}

private func firstLine(_ path: String) throws(SystemError) -> String {
    String(try readText(path).prefix { $0 != "\n" })
}
