internal import Kernel
package import NFTables
internal import Netlink

extension Firewall {
    /// Makes the tables as they should be, whatever is left of them; elements which are there stay.
    ///
    /// Two which do so at the same time do no harm: each deletes all rules and writes them anew.
    borrowing func install(
        _ layouts: [Layout], with requests: [Request] = []
    ) throws(FirewallError) {
        do throws(NetlinkError) {
            try ruleset.commit(layouts.flatMap(\.requests) + requests)
        } catch { throw .kernel(error) }
    }

    /// What is not as this owner's `entries` need it, each in words; empty when all is well.
    package borrowing func drift(_ entries: [Entry], of owner: Owner) throws(FirewallError) -> [String] {
        var found: [String] = []
        for layout in entries.layouts where try !hasRules(layout) {
            found.append("the rules of table \(layout.table) are not as they were")
        }
        let (elements, _) = try find(entries.map(\.key))
        for (entry, element) in zip(entries, elements) where element != entry.element(of: owner) {
            guard let element else {
                found.append("table \(entry.key.table) lacks \(entry)")
                continue
            }
            let other = Owner(element.comment).map { "\($0)" } ?? "somebody else"
            found.append("\(entry) of table \(entry.key.table) is another: \(element), of \(other)")
        }
        return found
    }

    /// Puts back what is missing: rules and elements.
    package borrowing func repair(_ entries: [Entry], of owner: Owner) throws(FirewallError) {
        for layout in entries.layouts where try !hasRules(layout) { try install([layout]) }
        try add(entries, of: owner)
    }

    /// Takes away all elements of a network and plugin whose attachment is not valid; tells which ports
    /// lead nowhere now.
    ///
    /// `valid`: the owners which stay; their plugin does not matter.
    @discardableResult
    package borrowing func collectGarbage(
        network: String, plugin: String, valid: [Owner]
    ) throws(FirewallError) -> [Publication] {
        let own = Owner(network: network, containerID: "", interface: "", plugin: plugin)
        let kept = Set(valid.map { Attachment($0) })
        let isGarbage = { (owner: Owner) in
            owner.network == own.network && owner.plugin == plugin && !kept.contains(Attachment(owner))
        }
        for _ in 0..<mostAttempts {
            let (_, generation) = try find([])
            let garbage = try all(isGarbage)
            if try remove(garbage, ifStill: generation) { return garbage.compactMap(\.publication) }
        }
        throw .busy
    }

    /// The chains of others which drop what they were not told to forward.
    package borrowing func foreignDrops() throws(FirewallError) -> [ListedHook] {
        do throws(NetlinkError) {
            return try ruleset.hooks().filter { listed in
                listed.drops && listed.hook.point == .forward && listed.table.family != .bridge
            }
        } catch { throw .kernel(error) }
    }

    private borrowing func hasRules(_ layout: Layout) throws(FirewallError) -> Bool {
        do throws(NetlinkError) {
            let listed = try ruleset.rules(of: layout.table)
            return layout.chains.allSatisfy { chain in
                listed.filter { $0.chain == chain.name } == chain.listed(in: layout.table)
            }
        } catch { throw .kernel(error) }
    }

    /// An owner without its plugin.
    private struct Attachment: Hashable {
        let containerID: String
        let interface: String

        init(_ owner: Owner) { (containerID, interface) = (owner.containerID, owner.interface) }
    }
}

extension Layout {
    /// Makes the table out of anything which may be left of it.
    var requests: [Request] {
        [.addTable(table), .deleteRules(of: table)]
            + sets.enumerated().map { .addSet($0.element, to: table, number: UInt32($0.offset + 1)) }
            + chains.map { .addChain($0, to: table) }
            + chains.flatMap { chain in chain.rules.map { .addRule($0, to: chain.name, of: table) } }
    }
}
