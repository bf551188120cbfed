package import CNISpec
package import Firewall
internal import NFTables

/// A plugin's part of the firewall for one call: elements which carry the attachment and the plugin as their owner.
package struct FirewallShare: Sendable {
    private let network: String
    private let plugin: String
    private let attachment: Attachment
    private let valid: Set<Attachment>?
    private let repairs: Bool

    /// `plugin`: the name of the plugin whose elements they are.
    package init<Configuration>(_ request: Request<Configuration>, plugin: String) {
        network = request.network
        self.plugin = plugin
        attachment = request.attachment
        valid = request.validAttachments
        repairs = request.repairs
    }

    private func owner(of attachment: Attachment) -> Owner {
        Owner(
            network: network, containerID: attachment.containerID, interface: attachment.interface,
            plugin: plugin)
    }

    /// Adds elements, all or nothing.
    package func add(_ entries: [Entry]) throws(CNIError) {
        guard !entries.isEmpty else { return }
        try firewalling { () throws(FirewallError) in
            let firewall = try Firewall()
            do throws(FirewallError) { try firewall.add(entries, of: owner(of: attachment)) } catch {
                // The kernel may have done it all the same, and only its word was lost.
                if case .kernel = error { _ = try? firewall.delete(entries, of: owner(of: attachment)) }
                throw error
            }
        }
    }

    /// Refuses ports which lead to other containers; changes nothing.
    package func refuseTaken(_ entries: [Entry]) throws(CNIError) {
        try firewalling { () throws(FirewallError) in
            try Firewall().refuseTaken(entries, of: owner(of: attachment))
        }
    }

    /// Takes elements away, all there are of this attachment when `entries` is `nil`, and answers the open firewall.
    ///
    /// Closing it waits for the kernel's grace period: it is kept until nothing else is left to do.
    package func delete(_ entries: [Entry]?) throws(CNIError) -> Firewall {
        var closed: [Publication] = []
        return try delete(entries, closed: &closed)
    }

    /// The same for a `DEL`, whose configuration may ask for less than that of the `ADD` did.
    ///
    /// `possible`: what any configuration may have asked for. `isNeeded`: whether this one asks for anything; where it
    /// does not, a kernel without a firewall is no failure.
    package func delete(
        _ entries: [Entry]?, possible: [Entry], isNeeded: Bool
    ) throws(CNIError) -> Firewall? {
        try firewallingIfAny(isNeeded: isNeeded) { () throws(FirewallError) in
            let firewall = try Firewall()
            try firewall.delete(entries, signs: possible, of: owner(of: attachment))
            return firewall
        }
    }

    /// The same, and says which ports lead nowhere now.
    ///
    /// `signs`: elements which may be there or not. One that is tells that there is more than `entries`.
    package func delete(
        _ entries: [Entry]?, signs: [Entry] = [], closed: inout [Publication]
    ) throws(CNIError) -> Firewall {
        try firewalling { () throws(FirewallError) in
            let firewall = try Firewall()
            closed = try firewall.delete(entries, signs: signs, of: owner(of: attachment))
            return firewall
        }
    }

    /// Says what is missing of the elements and of the rules, or puts it back where the call asks for that.
    package func check(_ entries: [Entry]) throws(CNIError) {
        guard !entries.isEmpty else { return }
        let drift = try firewalling { () throws(FirewallError) -> [String] in
            let firewall = try Firewall()
            let owner = owner(of: attachment)
            if repairs { try firewall.repair(entries, of: owner) }
            return try firewall.drift(entries, of: owner)
        }
        if let first = drift.first { throw CNIError(.init(rawValue: 100), first) }
    }

    /// Takes away what belongs to no valid attachment, and says which ports lead nowhere now.
    ///
    /// `isNeeded`: as with `delete`.
    @discardableResult
    package func collectGarbage(isNeeded: Bool = true) throws(CNIError) -> [Publication] {
        guard let valid else { return [] }
        let owners = valid.map(owner(of:))
        let closed = try firewallingIfAny(isNeeded: isNeeded) { () throws(FirewallError) in
            try Firewall().collectGarbage(network: network, plugin: plugin, valid: owners)
        }
        return closed ?? []
    }

    /// Tells of a table of somebody else's which drops what it was not told to forward. `STATUS`.
    ///
    /// `details`: what a person should have it accept.
    package static func refuseForeignDrops(details: String) throws(CNIError) {
        let drops = try firewalling { () throws(FirewallError) in try Firewall().foreignDrops() }
        guard let drop = drops.first else { return }
        throw CNIError(
            .limitedConnectivity,
            "chain \(drop.chain) of table \(drop.table) drops what it was not told to forward",
            details: details)
    }
}

/// Works on a firewall that the kernel may not have; then the answer is `nil`, unless one `isNeeded`.
///
/// Any other refusal is one: what is left behind lets the address's next owner out, or shuts him in.
private func firewallingIfAny<Value: ~Copyable>(
    isNeeded: Bool, _ body: () throws(FirewallError) -> Value
) throws(CNIError) -> Value? {
    try firewalling { () throws(FirewallError) -> Value? in
        do throws(FirewallError) { return try body() } catch {
            guard !isNeeded, error.meansNoFirewall else { throw error }
            return nil
        }
    }
}

/// Works on the firewall; its refusal becomes a ``CNIError``.
@discardableResult
package func firewalling<Value: ~Copyable>(
    _ body: () throws(FirewallError) -> Value
) throws(CNIError) -> Value {
    do throws(FirewallError) { return try body() } catch {
        switch error {
        case .busy: throw CNIError(.tryAgainLater, "\(error)")
        case .taken:
            throw CNIError(
                .pluginSpecific, "\(error)", details: "publish another port, or end that container first")
        default: throw CNIError(.ioFailure, "firewall: \(error)")
        }
    }
}
