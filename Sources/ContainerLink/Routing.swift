internal import Addressing
package import CNISpec
package import Netlink

/// Runs `body` on a socket that is open already; a netlink failure becomes a ``CNIError``.
package func routing<Value: ~Copyable>(
    _ body: () throws(NetlinkError) -> Value
) throws(CNIError) -> Value {
    do throws(NetlinkError) { return try body() } catch { throw CNIError(.ioFailure, "\(error)") }
}

extension CNIResult.Interface {
    /// A link of the host.
    package init(_ link: Link) {
        self.init(name: link.name, mac: link.mac?.description ?? "", mtu: link.mtu)
    }
}
