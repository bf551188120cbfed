internal import Kernel

extension ContainerRecord.RestartPolicy {
    /// Reads what stands behind `--restart`: `no`, `always`, `unless-stopped`, `on-failure[:RETRIES]`.
    package init(option text: String) throws(EngineError) {
        self.init()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let kind = Kind(rawValue: parts.first ?? ""), parts.count <= 2 else {
            throw EngineError(
                "invalid restart policy: unknown policy '\(text)'; use one of 'no', 'always', 'on-failure', or "
                    + "'unless-stopped'", .invalid)
        }
        self.kind = kind
        guard parts.count == 2 else { return }
        guard kind == .onFailure else {
            throw EngineError(
                "invalid restart policy: maximum retry count can only be used with 'on-failure'", .invalid)
        }
        guard let count = Int(parts[1]), count >= 0 else {
            throw EngineError("invalid restart policy: maximum retry count must be an integer", .invalid)
        }
        maximumRetries = count
    }
}

extension ContainerRecord.Ulimit {
    /// Reads what stands behind `--ulimit`: `NAME=SOFT[:HARD]`.
    package init(option text: String) throws(EngineError) {
        self.init()
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let wrong = EngineError("invalid ulimit argument: \(text)", .invalid)
        guard parts.count == 2, !parts[0].isEmpty else { throw wrong }
        name = parts[0]
        let numbers = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(Self.number)
        guard (1...2).contains(numbers.count), let soft = numbers[0], let hard = numbers[numbers.count - 1]
        else {
            throw wrong
        }
        (self.soft, self.hard) = (soft, hard)
    }

    private static func number(_ text: Substring) -> Int64? {
        if text == "unlimited" { return -1 }
        guard let number = Int64(text), number >= -1 else { return nil }
        return number
    }
}

extension ContainerRecord.Device {
    /// Reads what stands behind `--device`: `HOST[:CONTAINER][:rwm]`.
    package init(option text: String) throws(EngineError) {
        self.init()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isAccess = { (word: String) in !word.isEmpty && word.allSatisfy { "rwm".contains($0) } }
        guard (1...3).contains(parts.count), parts[0].hasPrefix("/") else {
            throw EngineError("invalid device specification: \(text)", .invalid)
        }
        (source, destination) = (parts[0], parts[0])
        if parts.count > 1, isAccess(parts[parts.count - 1]) {
            access = parts[parts.count - 1]
            if parts.count == 3 { destination = parts[1] }
        } else if parts.count == 2 {
            destination = parts[1]
        } else if parts.count == 3 {
            throw EngineError("invalid device mode: \(parts[2])", .invalid)
        }
        guard destination.hasPrefix("/") else {
            throw EngineError("\(destination) is not an absolute path", .invalid)
        }
    }
}

/// Labels, `NAME=VALUE` or a bare `NAME`, of which the last one of a name counts.
package func labels(_ words: [String]) -> [String: String] {
    var labels: [String: String] = [:]
    for word in words {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        labels[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    return labels
}

/// Settings `NAME=VALUE`; `option` is what an error calls the flag.
package func settings(_ words: [String], _ option: String) throws(EngineError) -> [String: String] {
    for word in words where !word.dropFirst().contains("=") {
        throw EngineError("invalid argument \"\(word)\" for \(option): it is NAME=VALUE", .invalid)
    }
    return labels(words)
}

/// Variables of `-e` and `--env-file`: a bare `NAME` has the value the engine's own variable has, or goes away.
///
/// `files`: their text, each with its name for errors.
package func environment(
    _ words: [String], files: [(name: String, text: String)], inherited: (String) -> String?
) throws(EngineError) -> [String] {
    var variables: [String] = []
    for file in files {
        for word in try lines(of: file.text, in: file.name) {
            variables = replacing(variables, with: variable(word, inherited).map { [$0] } ?? [])
        }
    }
    for word in words {
        guard !word.isEmpty, !word.hasPrefix("=") else {
            throw EngineError("invalid environment variable: \(word)", .invalid)
        }
        variables = replacing(variables, with: variable(word, inherited).map { [$0] } ?? [])
    }
    return variables
}

private func variable(_ word: String, _ inherited: (String) -> String?) -> String? {
    word.contains("=") ? word : inherited(word).map { "\(word)=\($0)" }
}

/// The lines of a file of variables or labels which say something: not the empty ones, and not those behind `#`.
package func lines(of text: String, in name: String) throws(EngineError) -> [String] {
    var found: [String] = []
    // By bytes: a carriage return and a line feed are one character, which is no line's end.
    for (number, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
        let bytes = (line.last == 13 ? line.dropLast() : line).drop { $0 == 32 || $0 == 9 }
        let word = String(decoding: bytes, as: UTF8.self)
        guard !word.isEmpty, !word.hasPrefix("#") else { continue }
        let variable = word.prefix { $0 != "=" }
        guard !variable.isEmpty, !variable.contains(where: \.isWhitespace) else {
            throw EngineError(
                "invalid env file (\(name)), line \(number + 1): variable '\(variable)' contains whitespaces",
                .invalid)
        }
        found.append(word)
    }
    return found
}

/// The text of the file a flag names.
package func optionFile(_ path: String) throws(EngineError) -> (name: String, text: String) {
    do throws(SystemError) {
        return (path, String(decoding: try readFile(path), as: UTF8.self))
    } catch { throw EngineError("open \(path): \(error.errno.reason)", .invalid) }
}
