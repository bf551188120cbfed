internal import Addressing
internal import Kernel
internal import NFTables
internal import Netlink

/// The firewall of the network namespace it was opened in, as far as it is ours.
///
/// Every change is one transaction: all of it happens or nothing. The tables are made when the first element needs
/// them. Keep it until last: see ``RulesetSocket``.
package struct Firewall: ~Copyable {
    let ruleset: RulesetSocket

    /// Opens it; changes nothing.
    package init() throws(FirewallError) {
        do throws(NetlinkError) { ruleset = try RulesetSocket() } catch { throw .kernel(error) }
    }

    /// Adds what is not there yet, all or nothing.
    ///
    /// Elements of the same owner stay or are corrected; an address which an earlier container left behind is taken over.
    /// - Throws: ``FirewallError/taken(_:by:)`` for a port which leads elsewhere.
    package borrowing func add(_ entries: [Entry], of owner: Owner) throws(FirewallError) {
        guard !entries.isEmpty else { return }
        let entries = entries.uniqued()
        // A new attachment has new keys, and the tables are there. Ports must be looked at first.
        if !entries.contains(where: { $0.publication != nil }) {
            let requests = entries.map { $0.addition(of: owner) }
            switch try commit(requests) {
            case .done: return
            case .missing: return try install(entries.layouts, with: requests)
            case .exists, .past: break
            }
        }
        for _ in 0..<mostAttempts {
            let (requests, generation) = try changes(for: entries, owner)
            switch try commit(requests, ifStill: generation) {
            case .done: return
            case .missing: try install(entries.layouts)
            case .exists, .past: continue
            }
        }
        throw .busy
    }

    /// Whether ``add(_:of:)`` could be done now; nothing is.
    ///
    /// - Throws: ``FirewallError/taken(_:by:)`` for a port which leads elsewhere.
    package borrowing func refuseTaken(_ entries: [Entry], of owner: Owner) throws(FirewallError) {
        _ = try changes(for: entries, owner)
    }

    /// Takes away what is this owner's, and tells which ports lead nowhere now; what another has taken over
    /// meanwhile stays.
    ///
    /// `entries`: where to look; everything of the owner's, in all sets, when it is nil, not all of it is there, or one
    /// of `signs` is.
    @discardableResult
    package borrowing func delete(
        _ entries: [Entry]?, signs: [Entry] = [], of owner: Owner
    ) throws(FirewallError) -> [Publication] {
        let places = ((entries ?? []) + signs).uniqued()
        let expected = entries?.uniqued().count
        for _ in 0..<mostAttempts {
            var (found, generation) = try find(places.map(\.key))
            var own = zip(places, found).compactMap { entry, element -> Holding? in
                guard let element, Owner(element.comment) == owner else { return nil }
                return Holding(key: entry.key, element: element)
            }
            // None of the signs, and all of the entries.
            if own.count != expected {
                (_, generation) = try find([])
                own = try all { $0 == owner }
            }
            if try remove(own, ifStill: generation) { return own.compactMap(\.publication) }
        }
        throw .busy
    }

    /// Whether it was done; otherwise others came in between.
    borrowing func remove(_ holdings: [Holding], ifStill generation: UInt32) throws(FirewallError) -> Bool {
        switch try commit(holdings.map { .deleteElement($0.key) }, ifStill: generation) {
        case .done: true
        case .missing, .exists, .past: false
        }
    }

    /// How often others may come in between.
    var mostAttempts: Int { 100 }
}

extension Firewall {
    /// How a transaction ended.
    enum Outcome {
        case done
        /// A table, set or element is not there.
        case missing
        /// An element is there already.
        case exists
        /// The ruleset is no longer the one it was meant for.
        case past
    }

    borrowing func commit(
        _ requests: [Request], ifStill generation: UInt32? = nil
    ) throws(FirewallError) -> Outcome {
        do throws(NetlinkError) {
            try ruleset.commit(requests, ifStill: generation)
            return .done
        } catch {
            switch error.errno {
            case .noEntity: return .missing
            case .exists: return .exists
            case .restart: return .past
            default: throw .kernel(error)
            }
        }
    }

    borrowing func find(
        _ keys: [ElementKey]
    ) throws(FirewallError) -> (elements: [Element?], generation: UInt32) {
        do throws(NetlinkError) { return try ruleset.find(keys) } catch { throw .kernel(error) }
    }

    borrowing func elements(_ layout: Layout, _ set: ElementSet) throws(FirewallError) -> [Element] {
        do throws(NetlinkError) { return try ruleset.elements(of: set, in: layout.table) } catch {
            throw .kernel(error)
        }
    }

    /// All elements whose owner `isWanted`.
    borrowing func all(_ isWanted: (Owner) -> Bool) throws(FirewallError) -> [Holding] {
        var found: [Holding] = []
        for layout in [Layout.addresses, Layout.ports] {
            for set in layout.sets {
                for element in try elements(layout, set) where Owner(element.comment).map(isWanted) == true {
                    let key = ElementKey(layout.table, set, element.key, upTo: element.end)
                    found.append(Holding(key: key, element: element))
                }
            }
        }
        return found
    }

    /// What to do for `entries`, and the number of the ruleset in which it is that.
    private borrowing func changes(
        for entries: [Entry], _ owner: Owner
    ) throws(FirewallError) -> (requests: [Request], generation: UInt32) {
        let (found, generation) = try find(entries.map(\.key))
        try refuseTakenPorts(of: entries, owner)
        var requests: [Request] = []
        for (entry, element) in zip(entries, found) { requests += try changes(entry, element, owner) }
        return (requests, generation)
    }

    /// What to do for `entry` where `element` stands at its key.
    private func changes(
        _ entry: Entry, _ element: Element?, _ owner: Owner
    ) throws(FirewallError) -> [Request] {
        guard let element else { return [entry.addition(of: owner)] }
        if element == entry.element(of: owner) { return [] }
        let other = Owner(element.comment)
        if case .publication(let publication) = entry, other?.isSameAttachment(as: owner) != true {
            throw .taken(publication, by: other)
        }
        return [.deleteElement(entry.key), entry.addition(of: owner)]
    }

    /// A port on all addresses and one on a single address are in each other's way.
    private borrowing func refuseTakenPorts(
        of entries: [Entry], _ owner: Owner
    ) throws(FirewallError) {
        let wanted = entries.compactMap(\.publication)
        for family in Set(wanted.filter { $0.hostAddress == nil }.map(\.address.family)) {
            let set = Layout.addresses.key("dnat_address\(family.rawValue)", []).set
            for element in try elements(.addresses, set) {
                let rival = wanted.first {
                    $0.hostAddress == nil && $0.address.family == family
                        && $0.portKey == element.key.suffix(2)
                }
                try refuse(rival, element, owner)
            }
        }
        let single = wanted.filter { $0.hostAddress != nil }
        let keys = single.map { Layout.addresses.key("dnat\($0.address.family.rawValue)", Array($0.portKey)) }
        for (publication, element) in zip(single, try find(keys).elements) {
            if let element { try refuse(publication, element, owner) }
        }
    }

    private func refuse(
        _ publication: Publication?, _ element: Element, _ owner: Owner
    ) throws(FirewallError) {
        let other = Owner(element.comment)
        if let publication, other?.isSameAttachment(as: owner) != true {
            throw .taken(publication, by: other)
        }
    }
}

extension Entry {
    func addition(of owner: Owner) -> Request {
        .addElement(element(of: owner), to: key.set, of: key.table)
    }
}

extension [Entry] {
    /// The tables they stand in.
    var layouts: [Layout] {
        [Layout.addresses, Layout.ports].filter { layout in contains { $0.layout == layout } }
    }
}

extension Array where Element: Hashable {
    /// The same without what stood before already.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
