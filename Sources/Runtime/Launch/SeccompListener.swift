internal import JSON
internal import Kernel
internal import OCISpec

/// The program that answers a container's seccomp notifications. config-linux.md, "Seccomp", `listenerPath`.
struct SeccompListener {
    private let path: String
    private let metadata: String?
    private let record: ContainerRecord

    init(_ profile: Seccomp?, _ record: ContainerRecord) {
        path = profile?.listenerPath ?? ""
        metadata = profile?.listenerMetadata
        self.record = record
    }

    /// Takes the notify descriptor out of the process and gives it to the listener, with the container's state.
    ///
    /// `first`: pid of the container's first process, which the state names; with `exec` `process` is another one.
    func hand(
        _ number: Int32, of process: borrowing Newborn, status: String, first: Int32
    ) throws(RuntimeError) {
        let state = State(
            ociVersion: record.ociVersion, id: record.id, status: status, pid: first, bundle: record.bundle,
            annotations: record.annotations)
        let message = ContainerProcessState(
            ociVersion: record.ociVersion, fds: ["seccompFd"], pid: process.pid, metadata: metadata,
            state: state)
        do throws(SystemError) {
            let descriptor = try takeDescriptor(number, of: process.handle)
            try connectSocket(path).send(Array(message.json.text.utf8), descriptors: [descriptor.rawValue])
        } catch {
            throw .system(step: "reach the seccomp listener (linux.seccomp.listenerPath)", reason: "\(error)")
        }
    }
}
