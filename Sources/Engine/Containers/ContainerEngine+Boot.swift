extension ContainerEngine {
    /// Starts what has to run after the machine started: containers with `always`, and those with `unless-stopped` nobody had stopped.
    ///
    /// - Returns: the names of those that were started, and why others were not.
    package func startByPolicy() throws(EngineError) -> (started: [String], errors: [EngineError]) {
        var (started, errors): ([String], [EngineError]) = ([], [])
        // The oldest first: later ones may need them.
        for record in try records().reversed() where [.always, .unlessStopped].contains(record.restart.kind) {
            let container = Container(record, of: self)
            do throws(EngineError) {
                guard try container.state() == .exited, let outcome = try container.outcome() else {
                    continue
                }
                if outcome.isStopped, record.restart.kind == .unlessStopped { continue }
                try container.start()
                started.append(record.name)
            } catch { errors.append(error) }
        }
        return (started, errors)
    }
}
