import Kernel
import Resolver

/// The servers of the host's resolv.conf, read again when that may have changed.
struct HostServers {
    private var servers: [Upstream] = []
    private var readAt: Int64?

    /// Milliseconds for which what was read holds.
    private static let lifetime: Int64 = 1000

    mutating func current() -> [Upstream] {
        let now = monotonicMilliseconds()
        if let readAt, now - readAt < Self.lifetime { return servers }
        readAt = now
        servers = upstreams(ofResolverFile: (try? readText("/etc/resolv.conf")) ?? "")
        return servers
    }
}
