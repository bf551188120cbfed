import JSON

/// Whose traffic reaches the container. Key `ingressPolicy`.
enum Policy: String, CaseIterable, Sendable {
    /// Everybody's.
    case open
    /// Not what comes from another bridge.
    case sameBridge = "same-bridge"
    /// Nor what comes from another port of the container's own.
    case isolated

    init(_ reader: JSONReader) throws(JSONError) {
        self = .open
        if let policy = try reader.optional("ingressPolicy"), try !policy.string().isEmpty {
            self = try policy.choice(Policy.self)
        }
        try Self.refuseOtherBackends(reader)
    }

    private static func refuseOtherBackends(_ reader: JSONReader) throws(JSONError) {
        if let backend = try reader.optional("backend"),
            try !["", "iptables", "nftables"].contains(backend.string())
        {
            throw backend.notAllowed(
                "'\(try backend.string())' is not supported (allowed: nftables, iptables): with firewalld, "
                    + "put the bridge into a zone of its own: firewall-cmd --zone=trusted --add-interface=BRIDGE"
            )
        }
        // What the reference calls its chain without being told.
        let chain = try reader.optional("iptablesAdminChainName")
        if let chain, try !["", "CNI-ADMIN"].contains(chain.string()) {
            throw chain.notAllowed(
                "there are no iptables chains: rules of your own belong in a table of your own, "
                    + "in a chain with a priority below 0")
        }
    }
}
