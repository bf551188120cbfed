import JSON
import Kernel
import Suite

/// What a recording plugin was called with.
struct Recording: Sendable {
    /// The name it was called by.
    let type: String
    let verb: String
    let environment: [String: String]
    let configuration: JSONValue
    /// Standard input as it came.
    let text: String
    /// Whether `CNI_NETNS` was there at that moment.
    let hadNamespace: Bool

    var previous: JSONValue? { member("prevResult") }

    func member(_ name: String) -> JSONValue? { configuration.member(name) }

    /// `VERB type`, as lists of calls show it.
    var word: String { "\(verb) \(type)" }
}

/// Plugins which write down what they are called with and answer what a case wants: one script with many names.
struct RecordingPlugins {
    static let directory = "/run/conformance/plugins"
    static let place = "/run/conformance/recorder"

    init(_ types: [String]) throws(Stop) {
        do throws(SystemError) {
            try makeDirectories("\(Self.place)/calls", mode: 0o755)
            try makeDirectories(Self.directory, mode: 0o755)
            for type in types { try Self.write("\(Self.directory)/\(type)", Self.script, mode: 0o755) }
        } catch { throw .trouble("cannot install recording plugins: \(error)") }
        for type in types {
            try answer(
                type, "VERSION",
                #"{"cniVersion":"1.1.0","supportedVersions":["0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}"#)
        }
    }

    /// From now on `verb` of `type` ends with `code`, `output` and `errors`.
    func answer(_ type: String, _ verb: String, _ output: String, code: Int = 0, errors: String = "")
        throws(Stop)
    {
        do throws(SystemError) {
            for (name, text) in [("out", output), ("code", String(code)), ("err", errors)] {
                try Self.write("\(Self.place)/\(type).\(verb).\(name)", text)
            }
        } catch { throw .trouble("cannot prepare a recording plugin: \(error)") }
    }

    /// The calls so far, in order, without VERSION: hosts ask for that when they like.
    func calls() throws(Stop) -> [Recording] { try everything().filter { $0.verb != "VERSION" } }

    /// All calls so far, in order.
    func everything() throws(Stop) -> [Recording] {
        do throws(SystemError) {
            var calls: [Recording] = []
            var number = 1
            while fileExists("\(Self.place)/calls/\(number)/done") {
                calls.append(try Self.read("\(Self.place)/calls/\(number)"))
                number += 1
            }
            return calls
        } catch { throw .trouble("cannot read what a plugin wrote down: \(error)") }
    }

    private static func read(_ folder: String) throws(SystemError) -> Recording {
        let input = try readFile("\(folder)/input")
        let configuration: JSONValue
        do throws(JSONError) { configuration = try JSONValue(parsing: input, as: .forgiving) } catch {
            configuration = .null
        }
        var environment: [String: String] = [:]
        for line in try readText("\(folder)/environment").split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        return Recording(
            type: try readText("\(folder)/type"), verb: environment["CNI_COMMAND"] ?? "",
            environment: environment,
            configuration: configuration, text: String(decoding: input, as: UTF8.self),
            hadNamespace: fileExists("\(folder)/namespace"))
    }

    static func write(_ path: String, _ text: String, mode: UInt32 = 0o644) throws(SystemError) {
        let file = try FileDescriptor.open(path, [.writeOnly, .create, .truncate], mode: mode)
        try file.write(text)
    }

    private static let script = """
        #!/bin/sh
        d=\(place) n=1 t=${0##*/}
        while ! mkdir "$d/calls/$n" 2>/dev/null; do n=$((n + 1)); done
        c=$d/calls/$n
        cat >"$c/input"
        env >"$c/environment"
        printf '%s' "$t" >"$c/type"
        [ -z "$CNI_NETNS" ] || [ ! -e "$CNI_NETNS" ] || : >"$c/namespace"
        : >"$c/done"
        f=$d/$t.$CNI_COMMAND
        [ ! -s "$f.err" ] || cat "$f.err" >&2
        [ ! -s "$f.out" ] || cat "$f.out"
        [ ! -s "$f.code" ] || exit "$(cat "$f.code")"

        """
}

extension JSONValue {
    /// The same value with the members of every object sorted: equal for equal contents.
    var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}
