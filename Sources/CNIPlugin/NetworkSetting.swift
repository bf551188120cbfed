public import CNISpec
internal import Kernel

/// A setting below `/proc/sys/net` of the network namespace this process is in. ip-sysctl.
public struct NetworkSetting: Hashable, Sendable {
    /// The path below `/proc/sys/net`, for example `ipv4/ip_forward`.
    public let name: String

    public init(_ name: String) { self.name = name }

    /// A setting of one interface: `FAMILY/conf/INTERFACE/NAME`.
    public init(_ family: String, _ interface: String, _ name: String) {
        self.name = "\(family)/conf/\(interface)/\(name)"
    }

    private var path: String { "/proc/sys/net/\(name)" }

    /// The value as the kernel writes it, or `nil` when this kernel has no such setting.
    public func value() throws(CNIError) -> String? {
        do throws(SystemError) { return try readText(path) } catch {
            if error.errno == .noEntity { return nil }
            throw CNIError(.ioFailure, "\(error)")
        }
    }

    /// Sets the value. A kernel without the setting (IPv6 switched off) is left as it is.
    public func set(_ value: String) throws(CNIError) {
        do throws(SystemError) { try writeFile(path, value) } catch {
            if error.errno != .noEntity { throw CNIError(.ioFailure, "set \(name) to \(value): \(error)") }
        }
    }

    /// Sets the value unless it is that already: a read is cheaper than a write which makes the kernel work.
    public func ensure(_ wanted: String) throws(CNIError) {
        if let present = try value(), present != wanted { try set(wanted) }
    }
}
