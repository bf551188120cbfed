import JSON
import Kernel
import NetdClient
import OverlayControl

/// Held while this daemon is the node: two of one ID would give out the same addresses, and take each other's devices.
struct NodeLock: ~Copyable {
    private let lock: FileLock

    init(_ settings: OverlaySettings) throws(NetdRefusal) {
        let path = settings.state + "/node.lock"
        let lock: FileLock?
        do throws(SystemError) {
            try makeDirectories(settings.state, mode: 0o700)
            lock = try FileLock.take(
                try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600), name: path,
                wait: false)
        } catch { throw NetdRefusal(.failed, "this node's lock: \(error)") }
        guard let lock else {
            throw NetdRefusal(
                .failed,
                "another apus-netd is this host's node in the cluster (\(path)): one run directory serves all "
                    + "overlay networks of a host")
        }
        self.lock = lock
    }
}

/// Who this node is in the cluster: the same after a restart of the daemon and of the host.
struct NodeIdentity {
    let id: String
    /// What people call it.
    let name: String

    /// Reads the node's ID, or makes one.
    init(_ settings: OverlaySettings) throws(NetdRefusal) {
        name = settings.node.isEmpty ? hostName() : settings.node
        let path = settings.state + "/node"
        do throws(SystemError) {
            try makeDirectories(settings.state, mode: 0o700)
            if let text = try Self.read(path) {
                guard OverlayNode.isID(text) else {
                    throw SystemError(call: "read \(path)", errno: .invalidArgument)
                }
                id = text
                return
            }
            id = Self.newID()
            try replaceFile(path, Array((id + "\n").utf8), mode: 0o600)
        } catch { throw NetdRefusal(.failed, "this node's ID: \(error)") }
    }

    private static func read(_ path: String) throws(SystemError) -> String? {
        do throws(SystemError) {
            return String(try readText(path).prefix { $0 != "\n" })
        } catch {
            if error.errno == .noEntity { return nil }
            throw error
        }
    }

    private static func newID() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// uname(2); what it says when nobody has named the host is as good a name as any.
private func hostName() -> String {
    let text = (try? readText("/proc/sys/kernel/hostname")) ?? ""
    let name = text.prefix { $0 != "\n" }
    return name.isEmpty ? "node" : String(name)
}
