internal import Kernel

extension Container {
    /// The column STATUS of `ps`: `Up 5 minutes`, `Exited (0) 2 hours ago`, `Created`.
    ///
    /// `now`: nanoseconds since 1970.
    package func status(_ state: ContainerState, _ outcome: Outcome, now: Int64) -> String {
        switch state {
        case .created: return "Created"
        case .running(let running): return "Up " + span(running.started, now) + healthMark()
        case .paused(let running): return "Up " + span(running.started, now) + " (Paused)"
        case .restarting: return "Restarting (\(outcome.exitCode)) " + span(outcome.finished, now) + " ago"
        case .exited: return "Exited (\(outcome.exitCode)) " + span(outcome.finished, now) + " ago"
        }
    }

    private func span(_ start: Int64, _ end: Int64) -> String {
        durationInWords(seconds: max(0, end - start) / 1_000_000_000)
    }

    private func healthMark() -> String {
        switch (try? health()) ?? nil {
        case nil: ""
        case let health? where health.status == .starting: " (health: starting)"
        case let health?: " (\(health.status.rawValue))"
        }
    }
}

/// A moment as RFC 3339 writes it; Docker's beginning of time for 0.
///
/// `nanoseconds`: since 1970.
package func momentText(_ nanoseconds: Int64) -> String {
    guard nanoseconds != 0 else { return "0001-01-01T00:00:00Z" }
    return timestamp(seconds: nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000)
}
