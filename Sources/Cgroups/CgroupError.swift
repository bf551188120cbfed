internal import Kernel

/// Everything that can fail around a container's cgroup.
public enum CgroupError: Error, Hashable, Sendable {
    /// The kernel refused `step`, which completes "cannot ...".
    case system(step: String, reason: String, hint: String)
    /// The kernel refused a limit: `value` in `file`, asked for at `path` of config.json.
    case refused(path: String, file: String, value: String, reason: String)
    /// What `path` of config.json asks for needs a controller this cgroup has not got.
    case unavailable(path: String, controller: String, hint: String)
    /// A value of config.json no kernel takes.
    case invalid(path: String, value: String, reason: String)
    /// The place for a new cgroup is in use.
    case occupied(directory: String, reason: String)
    /// Processes stayed in a cgroup that was to be removed.
    case busy(directory: String, pids: [Int32])
}

extension CgroupError: CustomStringConvertible {
    /// One line for a person, with what would help where that is known.
    public var description: String {
        switch self {
        case .system(let step, let reason, let hint):
            return "cannot \(step): \(reason)" + Self.parenthesised(hint)
        case .refused(let path, let file, let value, let reason):
            return "\(path): the kernel refused \(value) in \(file): \(reason)"
        case .unavailable(let path, let controller, let hint):
            return "\(path): the cgroup has no \(controller) controller" + Self.parenthesised(hint)
        case .invalid(let path, let value, let reason):
            return "\(path): \(value): \(reason)"
        case .occupied(let directory, let reason):
            return "cgroup \(directory) cannot be used: \(reason)"
        case .busy(let directory, let pids):
            let inside = pids.isEmpty ? "" : "; inside: " + pids.map(String.init).joined(separator: ", ")
            return "cannot remove cgroup \(directory): it is still in use" + inside
        }
    }

    private static func parenthesised(_ hint: String) -> String { hint.isEmpty ? "" : " (\(hint))" }
}

extension CgroupError {
    /// Runs one step, and names it when the kernel refuses.
    static func step<Value: ~Copyable>(
        _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
    ) throws(CgroupError) -> Value {
        do { return try body() } catch { throw .system(step: name(), reason: "\(error)", hint: "") }
    }
}

extension SystemError {
    /// Whether the kernel said that this user may not.
    var isPermission: Bool {
        errno == .notPermitted || errno == .accessDenied || errno == .readOnlyFileSystem
    }
    /// Whether the cgroup or its file is not there, or not any more.
    var isMissing: Bool { errno == .noEntity || errno == .noDevice }
    /// The kernel's reason without the call and its subject.
    var reason: String {
        let text = description
        return text.lastIndex(of: ":").map { String(text[text.index($0, offsetBy: 2)...]) } ?? text
    }
}
