internal import Kernel

/// Finds the program of `argv[0]` as execvp(3) does, and says beforehand why it could not be run.
///
/// The words are those other runtimes use: engines tell "not found" (127) from "not permitted" (126) by them.
struct ExecutableSearch {
    let uid: UInt32
    let gid: UInt32

    /// The path to execute.
    func find(_ name: String, path: String?) throws(RuntimeError) -> String {
        if name.utf8.contains(UInt8(ascii: "/")) {
            if let refusal = refusal(name) { throw Self.failure(name, "stat \(name): \(refusal)") }
            return name
        }
        var denied = false
        for directory in (path ?? Self.standardPath).split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = directory.isEmpty ? "./\(name)" : "\(directory)/\(name)"
            guard let refusal = refusal(candidate) else { return candidate }
            denied = denied || refusal == Self.permissionDenied
        }
        throw Self.failure(name, denied ? Self.permissionDenied : "executable file not found in $PATH")
    }

    private static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private static let permissionDenied = "permission denied"

    /// Why `path` cannot be executed by the user, or `nil`.
    private func refusal(_ path: String) -> String? {
        do throws(SystemError) {
            let status = try fileStatus(path)
            guard status.kind == .regular else { return Self.permissionDenied }
            return isExecutable(path, uid: uid, gid: gid) ? nil : Self.permissionDenied
        } catch {
            return switch error.errno {
            case .noEntity, .notDirectory: "no such file or directory"
            case .accessDenied: Self.permissionDenied
            default: error.errno.reason
            }
        }
    }

    private static func failure(_ name: String, _ reason: String) -> RuntimeError {
        .initFailed("exec: \"\(name)\": \(reason)")
    }
}
