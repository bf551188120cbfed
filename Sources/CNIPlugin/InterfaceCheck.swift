internal import Addressing
public import CNISpec
internal import Netlink

extension CNIResult {
    /// Checks that the interfaces this result has in `sandbox` are as it says; to be called inside that namespace.
    ///
    /// - Throws: ``CNIError`` with code 100 that names the interface and what it lacks.
    public func checkInterfaces(sandbox: String) throws(CNIError) {
        let (links, found) = try netlink { socket throws(NetlinkError) in
            (try socket.links(), try socket.linkAddresses())
        }
        for (index, interface) in interfaces.enumerated() where interface.sandbox == sandbox {
            guard let link = links.first(where: { $0.name == interface.name }) else {
                throw CNIError(.pluginSpecific, "interface \(interface.name) is missing")
            }
            guard link.isUp else { throw CNIError(.pluginSpecific, "interface \(interface.name) is down") }
            try interface.check(link)
            let own = found.filter { $0.link == link.index }.map(\.address.prefix)
            for address in addresses where address.interface == index && !own.contains(address.address) {
                throw CNIError(
                    .pluginSpecific, "interface \(interface.name) has lost its address \(address.address)")
            }
        }
    }
}

extension CNIResult.Interface {
    /// Checks what the result says of the link itself.
    fileprivate func check(_ link: Link) throws(CNIError) {
        let current = link.mac.map { "\($0)" } ?? ""
        if !mac.isEmpty, !current.isEmpty, mac.lowercased() != current {
            throw CNIError(
                .pluginSpecific, "interface \(name) has the MAC address \(current) instead of \(mac)")
        }
        if let mtu, mtu != link.mtu {
            throw CNIError(.pluginSpecific, "interface \(name) has the MTU \(link.mtu) instead of \(mtu)")
        }
    }
}
