internal import JSON
internal import Kernel

/// Which events somebody wants.
package struct EventQuery: Sendable {
    /// Nanoseconds since 1970; `nil` shows what comes from now on.
    package var since: Int64?
    /// Nanoseconds since 1970; `nil` goes on for ever.
    package var until: Int64?
    package var filters: Filters

    package init(filters: [String]) throws(EngineError) {
        self.filters = try Filters(
            filters, allowed: ["container", "event", "image", "label", "network", "type", "volume"])
    }

    func admits(_ event: EngineEvent) -> Bool {
        let named = { (type: String, wanted: String) in
            event.type == type && (event.id.hasPrefix(wanted) || event.attributes["name"] == wanted)
        }
        return filters.admit("type") { $0 == event.type }
            && filters.admit("event") { $0 == event.action || event.action.hasPrefix($0 + ":") }
            && filters.admit("container") { named("container", $0) || event.attributes["container"] == $0 }
            && filters.admit("network") { named("network", $0) }
            && filters.admit("volume") { named("volume", $0) }
            && filters.admit("image") { event.attributes["image"] == $0 }
            && filters.admitLabels(event.attributes)
    }
}

extension EnginePaths {
    /// Hands the events `query` wants to `body` as they come, until the time it says.
    package func follow(
        _ query: EventQuery, _ body: (EngineEvent) throws(EngineError) -> Void
    ) throws(EngineError) {
        let now = realtimeNanoseconds()
        let start = query.since ?? now
        if query.since != nil {
            var old = LineFile(events + ".old")
            try hand(&old, from: start, query, body)
        }
        var file = LineFile(events)
        while true {
            let isPast = query.until.map { realtimeNanoseconds() >= $0 } ?? false
            let isIdle = try hand(&file, from: start, query, body)
            if isPast, isIdle { return }
            if isIdle { pause(milliseconds: 50) }
        }
    }

    @discardableResult
    private func hand(
        _ file: inout LineFile, from start: Int64, _ query: EventQuery,
        _ body: (EngineEvent) throws(EngineError) -> Void
    ) throws(EngineError) -> Bool {
        let lines = try EngineError.step("read \(events)") { () throws(SystemError) in try file.more() }
        for line in lines {
            // A line of another version, or one cut off by a full disk.
            guard let value = try? JSONValue(parsing: Array(line)), let event = try? EngineEvent(value) else {
                continue
            }
            let end = query.until ?? Int64.max
            if (start...max(start, end)).contains(event.time), query.admits(event) { try body(event) }
        }
        return lines.isEmpty
    }
}
