import JSON
import Kernel
import Suite

/// An address manager of the suite's own: it writes down what it is called with, and answers what a case wants.
///
/// A shell script, because it has to be there wherever the plugin under test runs.
struct Delegate {
    static let type = "conformance-ipam"
    /// Holds the script; to be put in front of CNI_PATH.
    static let directory = "/run/conformance/bin"
    private static let place = "/run/conformance/delegate"

    /// One call the address manager got.
    struct Received {
        let verb: String
        /// `NAME=value` each.
        let environment: [String]
        let configuration: JSONValue
        /// What its descriptors above 2 are open on.
        let descriptors: [String]
    }

    /// Installs the script, which answers ADD with `result` and everything else with success.
    init(result: String) throws(Stop) {
        do throws(SystemError) {
            try makeDirectories("\(Self.place)/calls", mode: 0o755)
            try makeDirectories(Self.directory, mode: 0o755)
            try Self.write("\(Self.directory)/\(Self.type)", Self.script, mode: 0o755)
        } catch { throw .trouble("cannot install an address manager: \(error)") }
        try answer("ADD", result)
        try answer(
            "VERSION",
            #"{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}"#
        )
    }

    /// From now on `verb` ends with `code`, `output` and `errors`.
    func answer(_ verb: String, _ output: String, code: Int = 0, errors: String = "") throws(Stop) {
        do throws(SystemError) {
            try Self.write("\(Self.place)/\(verb).out", output)
            try Self.write("\(Self.place)/\(verb).code", String(code))
            try Self.write("\(Self.place)/\(verb).err", errors)
        } catch { throw .trouble("cannot prepare the address manager: \(error)") }
    }

    /// The calls so far, in order.
    func received() throws(Stop) -> [Received] {
        do throws(SystemError) {
            var calls: [Received] = []
            var number = 1
            while fileExists("\(Self.place)/calls/\(number)/verb") {
                calls.append(try Self.read("\(Self.place)/calls/\(number)"))
                number += 1
            }
            return calls
        } catch { throw .trouble("cannot read what the address manager wrote down: \(error)") }
    }

    private static func read(_ folder: String) throws(SystemError) -> Received {
        let text = try readFile("\(folder)/input")
        let configuration: JSONValue
        do throws(JSONError) { configuration = try JSONValue(parsing: text) } catch { configuration = .null }
        let words = try readFile("\(folder)/environment").split(separator: 10)
        let descriptors = try readText("\(folder)/descriptors").split(separator: "\n").compactMap(open)
        return Received(
            verb: try readText("\(folder)/verb"),
            environment: words.map { String(decoding: $0, as: UTF8.self) },
            configuration: configuration, descriptors: descriptors)
    }

    /// What a line like `l-wx------ 1 root root 64 Jan 1 00:00 3 -> /a/file` tells, unless it is no leak.
    private static func open(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let arrow = words.firstIndex(of: "->"), arrow > 0, let number = Int32(words[arrow - 1]),
            number > 2, let target = words.last, !target.hasPrefix("/proc/")
        else { return nil }
        return "\(number) -> \(target)"
    }

    private static func write(_ path: String, _ text: String, mode: UInt32 = 0o644) throws(SystemError) {
        let file = try FileDescriptor.open(path, [.writeOnly, .create, .truncate], mode: mode)
        try file.write(text)
    }

    private static let script = """
        #!/bin/sh
        d=\(place) n=1
        while ! mkdir "$d/calls/$n" 2>/dev/null; do n=$((n + 1)); done
        c=$d/calls/$n
        cat >"$c/input"
        env >"$c/environment"
        ls -l /proc/self/fd >"$c/descriptors"
        printf '%s' "$CNI_COMMAND" >"$c/verb"
        [ ! -s "$d/$CNI_COMMAND.err" ] || cat "$d/$CNI_COMMAND.err" >&2
        [ ! -s "$d/$CNI_COMMAND.out" ] || cat "$d/$CNI_COMMAND.out"
        [ ! -s "$d/$CNI_COMMAND.code" ] || exit "$(cat "$d/$CNI_COMMAND.code")"

        """
}

extension PluginBench {
    /// What the suite's own address manager answers by default, in `version`.
    func delegateResult(_ version: String? = nil) -> String {
        let version = version ?? plugin.newestVersion
        if ["0.1.0", "0.2.0"].contains(version) {
            return
                #"{"cniVersion":"\#(version)","ip4":{"ip":"10.77.0.9/24","gateway":"10.77.0.1","routes":[{"dst":"0.0.0.0/0"}]},"dns":{}}"#
        }
        let family = version.hasPrefix("0.") ? #""version":"4","# : ""
        return
            #"{"cniVersion":"\#(version)","ips":[{\#(family)"address":"10.77.0.9/24","gateway":"10.77.0.1"}],"routes":[{"dst":"0.0.0.0/0"}],"dns":{}}"#
    }

    /// A call that uses the suite's own address manager.
    func delegatedCall(_ verb: String, after result: JSONValue? = nil, version: String? = nil) -> Call {
        var call = call(verb, version: version)
        call.set("ipam", .literal(#"{"type":"\#(Delegate.type)","keyOfIPAM":[1,2.50,"x"]}"#))
        call.variables["CNI_PATH"] = "\(Delegate.directory):\(plugin.directory)"
        if let result { call.set("prevResult", result) }
        return call
    }
}
