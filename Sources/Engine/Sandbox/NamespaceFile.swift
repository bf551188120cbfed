internal import Kernel

/// A container's network namespace: mounted on a file, so that it lives without a process in it.
struct NamespaceFile {
    let path: String
    private let folder: String

    init(_ paths: EnginePaths, _ containerID: String) {
        folder = paths.namespaces
        path = "\(folder)/\(containerID)"
    }

    /// Whether there is a namespace behind the file.
    var exists: Bool { (try? NetworkNamespace(path: path)) != nil }

    /// Makes a new namespace and mounts it, unless there is one.
    ///
    /// A child is born in the namespace and does nothing else, so this process stays where it is.
    func make() throws(EngineError) {
        if exists { return }
        try EngineError.step("make the network namespace \(path)") { () throws(SystemError) in
            try makeDirectories(folder, mode: 0o711)
            // Somebody who was killed between the two has left a file with nothing on it.
            _ = try FileDescriptor.open(path, [.create], mode: 0o444)
            let caller = processID()
            switch try cloneProcess(.network) {
            case .child: waitToBeKilled(by: caller)
            case .parent(let pid, let handle):
                defer {
                    try? sendSignal(Signal.kill, to: handle)
                    _ = try? waitForExit(pid)
                }
                try FileDescriptor.cloneTree("/proc/\(pid)/ns/net", recursive: false).moveMount(to: path)
            }
        }
    }

    /// Takes the namespace away; nothing there is no error. What runs in it keeps it.
    func remove() throws(EngineError) {
        try EngineError.step("remove the network namespace \(path)") { () throws(SystemError) in
            do throws(SystemError) { try detachMount(path) } catch {
                // EINVAL: nothing is mounted on it.
                guard [.noEntity, .invalidArgument].contains(error.errno) else { throw error }
            }
            try removeFileIfPresent(path)
        }
    }
}
