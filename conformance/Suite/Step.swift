internal import JSON

/// A program that a case ran, and what came of it: enough to do it again by hand.
package struct Step: Hashable, Sendable {
    /// The words of the command, the program's path first.
    package var command: [String]
    /// `NAME=value` each; `nil` where the surroundings do not matter.
    package var environment: [String]?
    /// What it found on standard input.
    package var input = ""
    /// How it ended, for example `exit status 1`.
    package var status = ""
    package var output = ""
    package var errors = ""

    package init(command: [String], environment: [String]? = nil, input: String = "") {
        self.command = command
        self.environment = environment
        self.input = input
    }

    /// The step as lines for a shell.
    package var shellText: String {
        var words = command.map(shellQuoted)
        if let environment { words = ["env", "-i"] + environment.map(shellQuoted) + words }
        let line = words.joined(separator: " ")
        return input.isEmpty ? line + "\n" : line + " <<'EOF'\n" + input + "\nEOF\n"
    }
}

/// `text` as one word of a POSIX shell.
package func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "_-./=:,+@%".utf8.contains(byte)
        }
    }
    if isPlain && !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
        + "'"
}

extension Step {
    /// The step as a report has it.
    var json: JSONValue {
        var object = JSONObject()
        object.set("command", command)
        if let environment { object.set("environment", environment) }
        if !input.isEmpty { object.set("input", input) }
        object.set("status", status)
        if !output.isEmpty { object.set("output", output) }
        if !errors.isEmpty { object.set("errors", errors) }
        return object.value
    }

    init(_ reader: JSONReader) throws(JSONError) {
        command = try reader.required("command").strings()
        environment = try reader.optional("environment")?.strings()
        input = try reader.optional("input")?.string() ?? ""
        status = try reader.required("status").string()
        output = try reader.optional("output")?.string() ?? ""
        errors = try reader.optional("errors")?.string() ?? ""
    }
}
