import Kernel

/// A process that has a socket open, as far as this process may see it.
struct SocketOwner {
    let pid: String
    /// As ps(1) shows it: the first 15 bytes of the program's name.
    let name: String
    let arguments: [String]

    /// Those of each socket in `inodes`. proc(5), `/proc/PID/fd`.
    ///
    /// A process that ends meanwhile has none.
    static func owners(of inodes: Set<UInt32>) -> [UInt32: [SocketOwner]] {
        let names = Dictionary(uniqueKeysWithValues: inodes.map { ("socket:[\($0)]", $0) })
        var owners: [UInt32: [SocketOwner]] = [:]
        for pid in (try? listDirectory("/proc")) ?? [] where pid.utf8.allSatisfy({ 48...57 ~= $0 }) {
            let descriptors = (try? listDirectory("/proc/\(pid)/fd")) ?? []
            let links = Set(descriptors.compactMap { try? readLink("/proc/\(pid)/fd/\($0)") })
            let own = links.compactMap { names[$0] }
            if own.isEmpty { continue }
            let owner = SocketOwner(pid)
            for inode in own { owners[inode, default: []].append(owner) }
        }
        return owners
    }

    private init(_ pid: String) {
        self.pid = pid
        name = (try? readText("/proc/\(pid)/comm")) ?? "?"
        let line = (try? readFile("/proc/\(pid)/cmdline")) ?? []
        arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
