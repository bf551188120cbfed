/// Why a seccomp profile cannot be used, and where in `config.json` the reason stands.
package struct SeccompError: Error, Hashable, Sendable, CustomStringConvertible {
    /// For example `linux.seccomp.syscalls[3].names[0]`.
    package let path: String
    package let reason: String

    init(_ path: String, _ reason: String) {
        self.path = "linux.seccomp" + (path.isEmpty ? "" : ".\(path)")
        self.reason = reason
    }

    package var description: String { "\(path): \(reason)" }
}
