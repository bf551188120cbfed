import Addressing
import CNISpec
import JSON

/// The plugin's own keys, as they stand in the configuration.
///
/// Reading finds wrong types only: what a DEL needs must not fail over a value which somebody changed meanwhile.
struct Keys: Sendable {
    /// Whether clients whose answers would go astray get the host's address. Key `snat`.
    let masquerades: Bool
    /// Whether every client does. Key `masqAll`, which is nothing without `snat`.
    let masqueradesAll: Bool
    private let conditions: [IPAddress.Family: [String]]
    private let markBit: Int64?
    private let markChain: String
    private let backend: String

    init(_ reader: JSONReader) throws(JSONError) {
        masquerades = try reader.optional("snat")?.boolean() ?? true
        masqueradesAll = try reader.optional("masqAll")?.boolean() ?? false && masquerades
        conditions = [
            .v4: try reader.optional("conditionsV4")?.strings() ?? [],
            .v6: try reader.optional("conditionsV6")?.strings() ?? [],
        ]
        markBit = try reader.optional("markMasqBit")?.integer()
        markChain = try reader.optional("externalSetMarkChain")?.string() ?? ""
        backend = try reader.optional("backend")?.string() ?? ""
    }

    /// Refuses the values no ADD can be served with.
    func check() throws(CNIError) {
        guard ["", "nftables", "iptables"].contains(backend) else {
            throw CNIError(
                .invalidConfiguration, "unrecognized backend \"\(backend)\"",
                details: "allowed: nftables, iptables; mappings are elements of nftables maps in any case")
        }
        if markBit != nil, !markChain.isEmpty {
            throw CNIError(
                .invalidConfiguration, "Cannot specify externalSetMarkChain and markMasqBit",
                details: "neither is needed: no packet is marked")
        }
        if let markBit, !(0...31).contains(markBit) {
            throw CNIError(.invalidConfiguration, "markMasqBit must be between 0 and 31, not \(markBit)")
        }
        // What packets are sent to the chain of kube-proxy for, masquerading, happens all the same.
        guard ["", "KUBE-MARK-MASQ"].contains(markChain) else {
            throw CNIError(
                .unsupportedField, "externalSetMarkChain \"\(markChain)\" is not supported",
                details:
                    "no packet is marked and no chain of iptables is called: packets are masqueraded in a "
                    + "table of our own; leave the key out, or set snat to false and masquerade yourself")
        }
        for family in IPAddress.Family.allCases { _ = try condition(family) }
    }

    /// Which clients, on which addresses of the host, the mappings of a family are for.
    func condition(_ family: IPAddress.Family) throws(CNIError) -> Condition {
        try Condition(
            conditions[family] ?? [], family, key: family == .v4 ? "conditionsV4" : "conditionsV6")
    }
}
