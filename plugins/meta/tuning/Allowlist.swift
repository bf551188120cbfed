import CNIPlugin
import CNISpec
import Kernel

/// The sysctls an administrator lets configurations set.
enum Allowlist {
    static let path = "/etc/cni/tuning/allowlist.conf"

    /// Checks every key; without the file all are allowed.
    ///
    /// - Throws: ``CNIError`` that names the first key no expression matches.
    static func check(_ sysctls: [Sysctl]) throws(CNIError) {
        guard !sysctls.isEmpty, let expressions = try read() else { return }
        for sysctl in sysctls where try !allows(sysctl.key, expressions) {
            throw CNIError(
                .invalidConfiguration,
                "Sysctl \(sysctl.key) is not allowed. "
                    + "Only the following sysctls are allowed: [\(expressions.joined(separator: " "))]",
                details: path)
        }
    }

    private static func allows(_ key: String, _ expressions: [String]) throws(CNIError) -> Bool {
        for expression in expressions {
            guard let pattern = Pattern(expression) else {
                throw CNIError(.ioFailure, "\(path): \"\(expression)\" is not a regular expression")
            }
            if pattern.matches(key) { return true }
        }
        return false
    }

    private static func read() throws(CNIError) -> [String]? {
        do throws(SystemError) {
            let text = String(decoding: try readFile(path), as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).map { String(trimmed($0)) }.filter { !$0.isEmpty }
        } catch {
            if error.errno == .noEntity { return nil }
            throw CNIError(.ioFailure, "\(error)")
        }
    }
}

private func trimmed(_ line: Substring) -> Substring {
    var rest = line.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
}
