internal import Cgroups
public import JSON
internal import Kernel

/// Everything an operation of the runtime can fail with.
public enum RuntimeError: Error, Hashable, Sendable {
    /// `create` with a name which is taken.
    case exists(id: String)
    /// No container has this name.
    case unknown(id: String)
    /// A container ID with letters the runtime does not accept.
    case badID(String)
    /// The state does not permit the operation.
    case notPermitted(id: String, operation: ContainerState.Operation, state: ContainerState)
    /// The configuration cannot be used; the path says where in `file`.
    case configuration(JSONError, file: String = "config.json")
    /// A valid value this runtime or this kernel does not support, where it stands, and why.
    case unsupported(path: String, reason: String)
    /// A step failed in the kernel. `step` completes "cannot ...": for example `mount proc on /proc`.
    case system(step: String, reason: String)
    /// The container's first process gave up; the text is its own.
    case initFailed(String)
    /// A hook of `phase` did not exit with 0.
    case hook(phase: String, path: String, reason: String)
}

extension RuntimeError {
    /// Runs one step, and names it when the kernel refuses.
    static func step<Value: ~Copyable>(
        _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
    ) throws(RuntimeError) -> Value {
        do { return try body() } catch { throw .system(step: name(), reason: "\(error)") }
    }

    /// Runs one step on a cgroup; its error already says everything.
    static func cgroup<Value: ~Copyable>(
        _ body: () throws(CgroupError) -> Value
    ) throws(RuntimeError) -> Value {
        do { return try body() } catch { throw .initFailed("\(error)") }
    }
}

extension RuntimeError: CustomStringConvertible {
    /// One line for a person: what failed, on what, and the kernel's reason. Of very long words only the ends are shown.
    public var description: String { shortened(text) }

    private var text: String {
        switch self {
        case .exists(let id): "container \(id) already exists"
        case .unknown(let id): "container \(id) does not exist"
        case .badID(let id):
            "invalid container ID '\(id)': use letters, digits and _ + - . (not . or .. alone)"
        case .notPermitted(let id, let operation, let state):
            "cannot \(operation.rawValue) container \(id): it is \(state.name)"
        case .configuration(let error, let file): "\(file): \(error)"
        case .unsupported(let path, let reason): path.isEmpty ? reason : "\(path): \(reason)"
        case .system(let step, let reason): "cannot \(step): \(reason)"
        case .initFailed(let text): text
        case .hook(let phase, let path, let reason): "\(phase) hook \(path): \(reason)"
        }
    }
}

/// `text` with the middle of every word of more than 300 bytes left out: a document may hold any, and a line of a log
/// must not.
private func shortened(_ text: String) -> String {
    if text.utf8.count <= 1000 { return text }
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word in
        word.utf8.count <= 300 ? String(word) : "\(word.prefix(120))...\(word.suffix(30))"
    }
    let line = words.joined(separator: " ")
    return line.utf8.count <= 4000 ? line : "\(line.prefix(1500))...\(line.suffix(500))"
}
