import JSON
import Suite

extension Clause {
    fileprivate static let command = sentence(
        "A1", .must,
        "`CNI_COMMAND`: indicates the desired operation; `ADD`, `DEL`, `CHECK`, `GC`, or `VERSION`.",
        "parameters")
    fileprivate static let bareRun = practice(
        "A2", "Without CNI_COMMAND a plugin tells its name and versions on standard error, and ends with 0.")
    fileprivate static let required = sentence(
        "A3", .must,
        "Required environment parameters: `CNI_COMMAND`, `CNI_CONTAINERID`, `CNI_NETNS`, `CNI_IFNAME`",
        "add-add-container-to-network-or-apply-modifications")
    fileprivate static let requiredByDelete = sentence(
        "A3.del", .must, "Required environment parameters: `CNI_COMMAND`, `CNI_CONTAINERID`, `CNI_IFNAME`",
        "del-remove-container-from-network-or-un-apply-modifications")
    fileprivate static let requiredByCheck = sentence(
        "A3.check", .must,
        "Required environment parameters: `CNI_COMMAND`, `CNI_CONTAINERID`, `CNI_NETNS`, `CNI_IFNAME`",
        "check-check-containers-networking-is-as-expected")
    fileprivate static let allNamed = practice(
        "A3.all", "One error names all variables that are missing.")
    fileprivate static let pathRequired = practice(
        "A4", "CNI_PATH is required for every operation but VERSION.")
    fileprivate static let notEmpty = sentence(
        "A5", .must,
        "A unique plaintext identifier for a container, allocated by the runtime. Must not be empty.",
        "parameters")
    fileprivate static let containerID = sentence(
        "A6", .must,
        """
        Must start with an alphanumeric character, optionally followed by any combination of one or more alphanumeric \
        characters, underscore (), dot (.) or hyphen (-).
        """, "parameters")
    fileprivate static let noContainerID = practice(
        "A7", "A missing container ID is error 4; libraries of 2017 and before said 3.")
    fileprivate static let interfaceName = sentence(
        "A8", .must,
        """
        `CNI_IFNAME`: Name of the interface to create inside the container; if the plugin is unable to use this \
        interface name it must return an error.
        """, "parameters")
    fileprivate static let networkName = sentence(
        "A9", .must,
        """
        `name` (string): Network name. … Must start with an alphanumeric character, optionally followed by any \
        combination of one or more alphanumeric characters, underscore, dot (.) or hyphen (-). Must not contain characters disallowed in file \
        paths.
        """, "configuration-format")
    fileprivate static let beforeAnything = practice(
        "A10", "Environment and configuration are checked before anything is changed.")
    fileprivate static let arguments = sentence(
        "A11", .may,
        """
        `CNI_ARGS`: Extra arguments passed in by the user at invocation time. Alphanumeric key-value pairs separated by \
        semicolons; for example, "FOO=BAR;ABC=123"
        """, "parameters")
    fileprivate static let ignoreUnknown = practice(
        "A12", "`IgnoreUnknown=1` in CNI_ARGS lets keys pass which a plugin does not know.",
        "https://github.com/containernetworking/cni/blob/main/pkg/types/args.go")
    fileprivate static let podArguments = practice(
        "A13", "Kubernetes' runtimes send K8S_POD_NAMESPACE, K8S_POD_NAME and their like in CNI_ARGS.",
        "https://github.com/containerd/go-cni")
    fileprivate static let ownNamespace = practice(
        "A14", "CNI_NETNS which is the plugin's own namespace is error 8, unless CNI_NETNS_OVERRIDE is set.")
    fileprivate static let foreignVariables = practice(
        "A15", "Variables a plugin does not know are ignored: hosts send TRACEPARENT, BAGGAGE and others.",
        "https://github.com/containernetworking/cni/tree/main/pkg/invoke")
    fileprivate static let domain = sentence(
        "A16", .must, "The runtime must execute the plugin in the runtime's networking domain.", "overview-1")
    fileprivate static let noArguments = sentence(
        "A17", .must, "Protocol parameters are passed to the plugins via OS environment variables.",
        "parameters")
}

/// Cases for the environment a plugin is called with. CNI 1.1.0, section 2, "Parameters".
let environmentSection = Section<PluginBench>(
    "A environment",
    [
        Case("cni.A1.unknown", "an operation that does not exist is error 4", .command) {
            bench throws(Stop) in
            for word in ["add", "Del", "INIT", "ADD "] {
                try bench.expectNoChange("CNI_COMMAND=\(word)") { () throws(Stop) in
                    try bench.expectError(
                        bench.run(bench.call("ADD")) { $0.variables["CNI_COMMAND"] = word }, 4)
                }
            }
        },
        Case("cni.A2.bare", "without an operation it says what it is", .bareRun) { bench throws(Stop) in
            let answer = try bench.run(bench.call("VERSION")) {
                $0.variables["CNI_COMMAND"] = .some(nil)
                $0.input = ""
            }
            try require(
                answer.isSuccess && answer.output.isEmpty, "exit status 0 and nothing on standard output",
                seen: answer.text)
            try require(
                answer.errors.contains("plugin v")
                    || answer.errors.contains("CNI \(bench.plugin.type) plugin"),
                "'CNI \(bench.plugin.type) plugin VERSION' on standard error", seen: answer.text)
            try require(
                answer.errors.contains("CNI protocol versions supported: "),
                "'CNI protocol versions supported: ' on standard error", seen: answer.text)
        },
        Case("cni.A3.add", "ADD names each variable it misses", .required, .namesVariables) {
            bench throws(Stop) in
            try refusesMissing(bench, "ADD", ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"])
        },
        Case("cni.A3.del", "DEL names each variable it misses", .requiredByDelete, .namesVariables) {
            bench throws(Stop) in
            try refusesMissing(bench, "DEL", ["CNI_CONTAINERID", "CNI_IFNAME"])
        },
        Case(
            "cni.A3.check", "CHECK names each variable it misses", .requiredByCheck, .namesVariables,
            needs: [.version("0.4.0")]
        ) {
            bench throws(Stop) in
            try refusesMissing(bench, "CHECK", ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"])
        },
        Case("cni.A3.all", "one error names all that is missing", .allNamed) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                for name in ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"] { $0.variables[name] = .some(nil) }
            }
            for name in ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"] {
                try bench.expectError(answer, naming: name, 4)
            }
        },
        Case("cni.A4.path", "CNI_PATH is required", .pathRequired) { bench throws(Stop) in
            let verbs = ["ADD", "DEL"] + (bench.plugin.supports("1.1.0") ? ["STATUS", "GC"] : [])
            try refusesEach(bench, verbs) { $0.variables["CNI_PATH"] = .some(nil) }
        },
        Case("cni.A5.empty", "an empty variable is a missing one", .notEmpty) { bench throws(Stop) in
            for name in ["CNI_CONTAINERID", "CNI_IFNAME"] {
                try refusesEach(bench, ["ADD", "DEL"]) { $0.variables[name] = "" }
            }
        },
        Case("cni.A6.bad", "a container ID with other characters is error 4", .containerID) {
            bench throws(Stop) in
            for id in ["-x", ".x", "_x", "a b", "a/b", "a:b", "ü", "../x"] {
                try refusesEach(bench, ["ADD", "DEL"]) { $0.attachment.container = id }
            }
        },
        Case("cni.A6.good", "every character that is allowed is taken, and 128 of them", .containerID) {
            bench throws(Stop) in
            for id in ["0", "A.b_c-9", "9z-_.", String(repeating: "ab01", count: 32)] {
                try bench.expectSilence(bench.run(bench.call("DEL")) { $0.attachment.container = id })
            }
        },
        Case("cni.A7.id", "a missing container ID is error 4", .noContainerID) { bench throws(Stop) in
            try bench.expectError(
                bench.run(bench.call("ADD")) { $0.variables["CNI_CONTAINERID"] = .some(nil) }, 4, 3)
        },
        Case("cni.A8.bad", "an interface name the kernel would not take is error 4", .interfaceName) {
            bench throws(Stop) in
            for name in ["1234567890123456", ".", "..", "a/b", "a:b", "a b", "a\tb"] {
                try refusesEach(bench, ["ADD", "DEL"]) { $0.attachment.interface = name }
            }
        },
        Case(
            "cni.A8.long", "fifteen characters are a good name", .interfaceName,
            for: { $0.kind == .interface && $0.interface != "lo" }
        ) {
            bench throws(Stop) in
            var place = bench.first
            place.interface = "net-5678901-345"
            let result = try bench.add(place)
            let links = try bench.links(in: place)
            try require(
                links.contains(place.interface) || bench.interfaces(of: result).isEmpty,
                "an interface \(place.interface) in the container",
                seen: links.joined(separator: " "))
        },
        Case("cni.A9.name", "a missing or bad network name is error 7", .networkName) { bench throws(Stop) in
            let verbs = ["ADD", "DEL"] + (bench.plugin.supports("1.1.0") ? ["STATUS", "GC"] : [])
            for name in [nil, "", "a b", "a/b", "../a", "-x", "ü"] {
                for verb in verbs {
                    let answer = try bench.run(bench.call(verb)) { $0.set("name", name.map { .string($0) }) }
                    try bench.expectError(answer, 7)
                }
            }
        },
        Case("cni.A10.before", "what is refused has changed nothing", .beforeAnything) { bench throws(Stop) in
            try bench.warmUp()
            let result = try bench.add()
            try bench.expectNoChange("calls that were refused") { () throws(Stop) in
                for verb in ["ADD", "DEL"] {
                    let call = bench.call(verb, after: verb == "DEL" ? result : .null)
                    try bench.expectError(bench.run(call) { $0.attachment.container = "a/b" })
                    try bench.expectError(bench.run(call) { $0.attachment.interface = "a/b" })
                    try bench.expectError(bench.run(call) { $0.set("name", .string("a/b")) })
                    try bench.expectError(bench.run(call) { $0.set("cniVersion", .string("9.9.9")) })
                }
            }
        },
        Case("cni.A11.pair", "CNI_ARGS without '=' is an error where CNI_ARGS are read", .arguments) {
            bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) { $0.variables["CNI_ARGS"] = "FOO" }
            if answer.isSuccess {
                throw Stop.skip("\(bench.plugin.type) does not read CNI_ARGS: 'FOO' made no difference")
            }
            try bench.expectError(answer)
        },
        Case("cni.A12.ignore", "IgnoreUnknown lets unknown keys pass", .ignoreUnknown) { bench throws(Stop) in
            for value in ["1", "true"] {
                let answer = try bench.run(bench.call("ADD")) {
                    $0.variables["CNI_ARGS"] = "IgnoreUnknown=\(value);FOO=BAR;ABC=123"
                }
                let result = try bench.result(of: answer)
                try bench.delete(after: result)
            }
        },
        Case("cni.A13.pod", "the arguments of Kubernetes' runtimes are tolerated", .podArguments) {
            bench throws(Stop) in
            let words =
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-0;K8S_POD_INFRA_CONTAINER_ID=abc;K8S_POD_UID=1-2"
            try bench.result(of: bench.run(bench.call("ADD")) { $0.variables["CNI_ARGS"] = words })
        },
        // Debian's reference plugins (1.1.1) know no error 8, and later ones say it after the work is done. Right all the same: a
        // path by process number leads here when the container has died, and the host's own links are lost.
        Case(
            "cni.A14.own", "the plugin's own namespace is refused before anything is done", .ownNamespace,
            for: { $0.kind != .ipam && $0.namespace == nil }
        ) {
            bench throws(Stop) in
            try bench.warmUp()
            try bench.expectNoChange("ADD in the plugin's own namespace") { () throws(Stop) in
                let answer = try bench.run(bench.call("ADD")) {
                    $0.variables["CNI_NETNS"] = "/proc/self/ns/net"
                }
                try bench.expectError(answer, 8)
            }
        },
        Case("cni.A15.foreign", "unknown variables are ignored", .foreignVariables) { bench throws(Stop) in
            let answer = try bench.run(bench.call("ADD")) {
                $0.variables["TRACEPARENT"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                $0.variables["BAGGAGE"] = "a=b,c=d"
                $0.variables["CNI_UNKNOWN"] = "x"
                $0.variables["HOME"] = "/nonexistent"
            }
            try bench.result(of: answer)
        },
        Case(
            "cni.A16.domain", "what a result says is on the host, is in the caller's namespace", .domain,
            for: makesInterfaces
        ) {
            bench throws(Stop) in
            let result = try bench.add()
            let (inside, outside) = (try bench.links(in: bench.first), try bench.hostLinks())
            for item in bench.interfaces(of: result) {
                let isInside = item.sandbox == bench.first.path
                try require(
                    (isInside ? inside : outside).contains(item.name),
                    "\(item.name) \(isInside ? "in the container" : "on the host")",
                    seen:
                        "container: \(inside.joined(separator: " ")); host: \(outside.joined(separator: " "))"
                )
            }
        },
        Case("cni.A17.argv", "words on the command line change nothing", .noArguments) { bench throws(Stop) in
            var call = bench.call("ADD")
            call.arguments = ["DEL", "--version", "x"]
            try bench.result(of: bench.run(call))
        },
    ])

/// Each of `names` missing alone is error 4 and named.
private func refusesMissing(_ bench: PluginBench, _ verb: String, _ names: [String]) throws(Stop) {
    for name in names {
        try bench.expectNoChange("\(verb) without \(name)") { () throws(Stop) in
            let answer = try bench.run(bench.call(verb)) { $0.variables[name] = .some(nil) }
            try bench.expectError(answer, naming: name, 4)
        }
    }
}

/// The call of each of `verbs` is error 4 after `edit`.
private func refusesEach(_ bench: PluginBench, _ verbs: [String], _ edit: (inout Call) -> Void) throws(Stop) {
    for verb in verbs { try bench.expectError(bench.run(bench.call(verb), edit), 4) }
}
