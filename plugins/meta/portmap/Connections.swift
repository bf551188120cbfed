import Addressing
import CNIPlugin
import CNISpec
import Firewall
import Netlink

/// Forgets the connections to ports which lead nowhere any more: their packets would go on to the address.
func forgetConnections(of closed: [Publication]) {
    forgetting(closed) { socket throws(NetlinkError) in
        for (address, ports) in Dictionary(grouping: closed, by: \.address) {
            let ports = Dictionary(grouping: ports, by: \.hostPort)
            let dead = try socket.connections(address.family, server: address).filter { connection in
                ports[connection.original.destinationPort]?.contains { $0.carries(connection) } ?? false
            }
            try socket.delete(dead)
        }
    }
}

/// Forgets what the kernel remembers of datagrams to ports which lead elsewhere from now on.
///
/// A client that goes on talking to an old server never asks again where the port leads.
func forgetConnections(before opened: [Publication]) {
    let opened = opened.filter { $0.transport == PortMapping.Transport.udp.number }
    forgetting(opened) { socket throws(NetlinkError) in
        for (family, ports) in Dictionary(grouping: opened, by: \.address.family) {
            let ports = Dictionary(grouping: ports, by: \.hostPort)
            let only = ports.count == 1 ? ports.keys.first : nil
            let candidates = try socket.connections(
                family, transport: PortMapping.Transport.udp.number, destinationPort: only
            ).filter { connection in
                ports[connection.original.destinationPort]?.contains { $0.hasTaken(connection) } ?? false
            }
            if candidates.isEmpty { continue }
            // What only passes through to the same port of another host stays.
            let own = Set(try RouteSocket().linkAddresses().map(\.address.prefix.address))
            try socket.delete(
                candidates.filter { connection in
                    connection.original.destination.isLoopback
                        || own.contains(connection.original.destination)
                })
        }
    }
}

/// Asks the kernel for its connections, unless there is nothing to ask.
///
/// The ports are as they should be already: what goes wrong here is for the log.
private func forgetting(
    _ publications: [Publication], _ body: (borrowing ConntrackSocket) throws(NetlinkError) -> Void
) {
    guard !publications.isEmpty else { return }
    do throws(NetlinkError) {
        let socket = try ConntrackSocket()
        if try socket.count() > 0 { try body(socket) }
    } catch { note("\(Portmap.name): connections to ports are not forgotten: \(error)") }
}

extension Publication {
    /// Whether the connection came by this port.
    fileprivate func carries(_ connection: Connection) -> Bool {
        connection.isRedirected && leads(connection) && answers(connection)
    }

    /// Whether the connection would come by this port now, but did not.
    fileprivate func hasTaken(_ connection: Connection) -> Bool { leads(connection) && !answers(connection) }

    private func leads(_ connection: Connection) -> Bool {
        connection.transport == transport && connection.original.destinationPort == hostPort
            && hostAddress ?? connection.original.destination == connection.original.destination
    }

    private func answers(_ connection: Connection) -> Bool {
        connection.reply.source == address && connection.reply.sourcePort == port
    }
}
