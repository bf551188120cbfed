import Addressing
import CNIPlugin
import CNISpec
import Firewall
import Kernel
import Netlink

/// A program of the host that waits at a port: a mapping would take its clients away.
struct PortHolder {
    private let publication: Publication
    private let listener: Listener
    private let processes: [SocketOwner]

    private struct Port: Hashable {
        let transport: UInt8
        let number: UInt16
    }

    /// The first port a program of the host listens on.
    ///
    /// A program which was started for the container keeps the port free for it, as conmon does: its command line has
    /// the container's ID.
    static func first(of publications: [Publication], containerID: String) throws(CNIError) -> PortHolder? {
        let found = try listeners(at: publications)
        guard !found.isEmpty else { return nil }
        let owners = SocketOwner.owners(of: Set(found.map(\.listener.inode)))
        return found.lazy.map { publication, listener in
            PortHolder(
                publication: publication, listener: listener, processes: owners[listener.inode] ?? [])
        }.first { holder in !holder.processes.contains { $0.arguments.contains(containerID) } }
    }

    private static func listeners(
        at publications: [Publication]
    ) throws(CNIError) -> [(publication: Publication, listener: Listener)] {
        do throws(NetlinkError) {
            let socket = try ListenerSocket()
            var present: [Port: [Listener]] = [:]
            for transport in Set(publications.map(\.transport)).sorted() where isKnown(transport) {
                for family in IPAddress.Family.allCases {
                    for listener in try socket.listeners(transport, family) {
                        let port = Port(transport: transport, number: listener.port)
                        present[port, default: []].append(listener)
                    }
                }
            }
            return publications.flatMap { publication in
                (present[Port(transport: publication.transport, number: publication.hostPort)] ?? [])
                    .filter { $0.receives(publication.address.family, publication.hostAddress) }
                    .map { (publication, $0) }
            }
        } catch { throw CNIError(.ioFailure, "\(error)") }
    }

    /// Asking for SCTP would load it into a kernel that has no use for it.
    private static func isKnown(_ transport: UInt8) -> Bool {
        transport != 132 || fileExists("/proc/net/sctp")
    }

    /// Says who listens.
    var refusal: CNIError {
        let owner = processes.first.map { "\($0.name) (process \($0.pid))" } ?? "somebody"
        let address = listener.address.family == .v4 ? "\(listener.address)" : "[\(listener.address)]"
        return CNIError(
            .pluginSpecific,
            "\(publication.hostText) is taken: \(owner) of the host listens on \(address):\(listener.port)",
            details: "end it, or publish another port of the host")
    }
}
