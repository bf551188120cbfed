import Addressing
import CNIPlugin
import CNISpec
import Kernel
import NFTables
import Netlink
import Resolver

/// The rules of a container's namespace that lead `127.0.0.11` port 53 to where the daemon listens there.
///
/// The daemon does not take port 53 itself: a name server in the container may want it. Answers find their way back by
/// the kernel's memory of the connection. To be used in that namespace.
struct Redirection {
    private let ports: ListenerPorts

    init(_ ports: ListenerPorts) { self.ports = ports }

    private static let table = Table(.ipv4, "apus_dns")
    private static let servers = ElementSet(
        "servers", [.ipv4Address, .protocolNumber, .portNumber], gives: [.ipv4Address, .portNumber])
    private static let chain = Chain(
        "output", Hook(.nat, .output, priority: -100),
        [
            Rule(
                "questions for names go to apus-netd",
                .redirect(.v4, [.destination(.v4), .transportProtocol, .destinationPort], map: "servers"))
        ])

    private func elements() throws(CNIError) -> [Element] {
        guard let address = IPAddress(resolverAddress) else {
            throw CNIError(.internalFailure, resolverAddress)
        }
        // UDP and TCP.
        return [(17, ports.udp), (6, ports.tcp)].map { transport, port in
            Element(
                [.address(address), .protocolNumber(transport), .port(53)],
                gives: [.address(address), .port(port)])
        }
    }

    /// Makes the rules, in the place of any that are there.
    func install() throws(CNIError) {
        let (table, elements) = (Self.table, try elements())
        try ruleset { socket throws(NetlinkError) in
            // Added so that it can be deleted: then what is added is all there is.
            try socket.commit(
                [.addTable(table), .deleteTable(table), .addTable(table)]
                    + [.addSet(Self.servers, to: table, number: 1), .addChain(Self.chain, to: table)]
                    + Self.chain.rules.map { .addRule($0, to: Self.chain.name, of: table) }
                    + elements.map { .addElement($0, to: Self.servers, of: table) })
        }
    }

    /// Takes the rules away, if they are there.
    static func remove() throws(CNIError) {
        try ruleset { socket throws(NetlinkError) in
            do throws(NetlinkError) { try socket.commit([.deleteTable(table)]) } catch {
                guard error.errno == .noEntity else { throw error }
            }
        }
    }

    /// Says what is missing of the rules.
    func check() throws(CNIError) {
        let elements = try elements()
        let (rules, found) = try ruleset { socket throws(NetlinkError) in
            (try socket.rules(of: Self.table), try socket.elements(of: Self.servers, in: Self.table))
        }
        guard rules == Self.chain.listed(in: Self.table) else {
            throw CNIError(
                .pluginSpecific, "the container's questions for names lead nowhere",
                details: "table \(Self.table) has not the rule it should have")
        }
        for element in elements where !found.contains(element) {
            throw CNIError(
                .pluginSpecific, "the container's questions for names lead elsewhere",
                details: "map \(Self.servers.name) of table \(Self.table) lacks { \(element) }")
        }
    }
}

/// Works on the ruleset of the namespace this process is in; a refusal becomes a ``CNIError``.
private func ruleset<Value>(
    _ body: (borrowing RulesetSocket) throws(NetlinkError) -> Value
) throws(CNIError) -> Value {
    do throws(NetlinkError) {
        let socket = try RulesetSocket()
        return try body(socket)
    } catch { throw CNIError(.ioFailure, "\(error)") }
}
