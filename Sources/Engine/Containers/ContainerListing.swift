internal import Kernel

/// What `ps` is asked for.
package struct ListQuery: Sendable {
    /// Those which do not run, too.
    package var isAll = false
    /// Only the newest ones, whatever they do; `nil` is all.
    package var last: Int?
    package var showsSize = false
    /// Whether IDs and commands are whole.
    package var isWhole = false
    package var filters: Filters

    package static let filterKeys = [
        "ancestor", "before", "exited", "expose", "id", "label", "name", "network", "publish", "since",
        "status", "volume",
        "health",
    ]

    package init(filters: [String]) throws(EngineError) {
        self.filters = try Filters(filters, allowed: Self.filterKeys)
        let states = ["created", "restarting", "running", "removing", "paused", "exited", "dead"]
        for word in self.filters.values(of: "status") where !states.contains(word) {
            throw EngineError(
                "invalid filter 'status=\(word)' (there are: \(states.joined(separator: ", ")))", .invalid)
        }
    }
}

/// A container as `ps` shows it.
package struct ListedContainer: Sendable {
    package let container: Container
    package let state: ContainerState
    package let outcome: Outcome
    package let ports: [ShownPort]
    package let networks: [String]
}

extension ContainerEngine {
    /// The containers `query` asks for, the newest first.
    package func list(_ query: ListQuery) throws(EngineError) -> [ListedContainer] {
        let records = try records()
        var found: [ListedContainer] = []
        let range = try createdRange(query.filters)
        let showsAll =
            query.isAll || query.last != nil || !query.filters.values(of: "status").isEmpty
            || !query.filters.values(of: "exited").isEmpty
        for record in records where range.contains(record.created) && admits(record, query.filters) {
            if let last = query.last, found.count >= last { break }
            let container = Container(record, of: self)
            // One that goes in this moment is not there.
            guard let listed = try? container.listed() else { continue }
            if !showsAll, listed.state.live == nil { continue }
            if admits(listed, query.filters) { found.append(listed) }
        }
        return found
    }

    private func createdRange(_ filters: Filters) throws(EngineError) -> ClosedRange<Int64> {
        var (first, last) = (Int64.min, Int64.max)
        for name in filters.values(of: "since") { first = max(first, try find(name).created + 1) }
        for name in filters.values(of: "before") { last = min(last, try find(name).created - 1) }
        return first...max(first, last)
    }

    private func admits(_ record: ContainerRecord, _ filters: Filters) -> Bool {
        filters.admit("id") { record.id.hasPrefix($0) }
            && filters.admit("name") { nameMatches(record.name, $0) }
            && filters.admitLabels(record.labels)
            && filters.admit("ancestor") { isImage(record, $0) }
            && filters.admit("volume") { wanted in
                record.mounts.contains { $0.source == wanted || $0.destination == wanted }
            }
    }

    private func admits(_ listed: ListedContainer, _ filters: Filters) -> Bool {
        filters.admit("status") { $0 == listed.state.word }
            && filters.admit("exited") { listed.state == .exited && $0 == String(listed.outcome.exitCode) }
            && filters.admit("network") { wanted in listed.networks.contains(wanted) }
            && filters.admit("publish") { isPublished(listed.ports, $0) }
            && filters.admit("expose") { portMatches(listed.ports, $0, \.containerPort) }
            && filters.admit("health") { $0 == listed.healthWord }
    }

    /// A part of the name; `^` and `$` mean its beginning and its end.
    private func nameMatches(_ name: String, _ pattern: String) -> Bool {
        var wanted = pattern[...]
        if wanted.hasPrefix("/") { wanted = wanted.dropFirst() }
        let (fromStart, toEnd) = (wanted.hasPrefix("^"), wanted.hasSuffix("$"))
        if fromStart { wanted = wanted.dropFirst() }
        if fromStart, wanted.hasPrefix("/") { wanted = wanted.dropFirst() }
        if toEnd { wanted = wanted.dropLast() }
        switch (fromStart, toEnd) {
        case (true, true): return name == wanted
        case (true, false): return name.hasPrefix(wanted)
        case (false, true): return name.hasSuffix(wanted)
        case (false, false): return wanted.isEmpty || name.contains(wanted)
        }
    }

    private func isImage(_ record: ContainerRecord, _ wanted: String) -> Bool {
        record.image == wanted || record.image == wanted + ":latest" || record.image + ":latest" == wanted
            || record.imageID == wanted
            || isHexadecimal(wanted) && record.imageID.hasPrefix("sha256:" + wanted)
    }

    /// By the container's port, or the one of the host.
    private func isPublished(_ ports: [ShownPort], _ wanted: String) -> Bool {
        let published = ports.filter { !$0.hostAddress.isEmpty }
        return portMatches(published, wanted, \.containerPort)
            || portMatches(published, wanted, \.hostPort)
    }

    private func portMatches(
        _ ports: [ShownPort], _ wanted: String, _ number: (ShownPort) -> UInt16
    ) -> Bool {
        let parts = wanted.split(separator: "/").map(String.init)
        guard let first = parts.first else { return false }
        let ends = first.split(separator: "-").compactMap { UInt16($0) }
        guard let low = ends.first, let high = ends.last, low <= high else { return false }
        let transport = parts.count > 1 ? parts[1] : "tcp"
        return ports.contains { (low...high).contains(number($0)) && $0.protocol == transport }
    }
}

extension ListedContainer {
    /// `none` when nothing checks it.
    fileprivate var healthWord: String { ((try? container.health()) ?? nil)?.status.rawValue ?? "none" }
}

extension Container {
    /// What `ps` shows of it.
    func listed() throws(EngineError) -> ListedContainer {
        let state = try state()
        return ListedContainer(
            container: self, state: state, outcome: try currentOutcome(),
            ports: shownPorts(isRunning: state.live != nil),
            networks: networkNames())
    }
}
