internal import Kernel

/// What removing stopped containers has done.
package struct PrunedContainers: Hashable, Sendable {
    /// IDs.
    package var containers: [String] = []
    /// Bytes that are free again.
    package var freedBytes: Int64 = 0
}

extension ContainerEngine {
    /// Removes all containers which do not run; `filters` may have `label` and `until`, a duration or a moment.
    package func pruneContainers(_ filters: Filters) throws(EngineError) -> PrunedContainers {
        let youngest = try creationLimit(filters)
        var pruned = PrunedContainers()
        for record in try records() where filters.admitLabels(record.labels) && record.created < youngest {
            let container = Container(record, of: self)
            switch try container.state() {
            case .running, .paused, .restarting: continue
            case .created, .exited: break
            }
            let size = treeSize(paths.container(record.id) + "/upper")
            do throws(EngineError) { try container.remove() } catch {
                // It has been started or removed meanwhile.
                guard error.kind == .conflict || error.kind == .notFound else { throw error }
                continue
            }
            pruned.containers.append(record.id)
            pruned.freedBytes.grow(by: size)
        }
        return pruned
    }

    /// Nanoseconds since 1970 before which something has to be made so that `until` accepts it.
    private func creationLimit(_ filters: Filters) throws(EngineError) -> Int64 {
        guard let text = filters.values(of: "until").last else { return .max }
        if let moment = Moment(text) { return moment.total }
        return realtimeNanoseconds() - (try nanoseconds(text, "--filter until"))
    }
}
