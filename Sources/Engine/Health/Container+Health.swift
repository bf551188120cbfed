internal import JSON
internal import Kernel

extension Container {
    private var healthPath: String { bundle + "/health.json" }
    private var healthLockPath: String { bundle + "/health.lock" }

    /// How well it is; `nil` when nothing checks it, or it does not run.
    package func health() throws(EngineError) -> Health? {
        guard record.activeHealthcheck != nil, try running() != nil else { return nil }
        guard let value = try readRecord(healthPath) else { return Health() }
        return try EngineError.reading(healthPath) { () throws(JSONError) in try Health(value) }
    }

    /// Takes in a check of the start `running`; what came of it, `nil` when that start has ended meanwhile.
    func remember(_ probe: Health.Probe, of running: Running) throws(EngineError) -> Health? {
        try locked { container throws(EngineError) in
            guard try container.running() == running, let check = container.record.activeHealthcheck,
                var health = try container.health()
            else { return nil }
            let before = health.status
            health.add(probe, check, started: running.started)
            try writeRecord(healthPath, health.value, isDurable: false)
            if health.status != before { container.tell("health_status: \(health.status.rawValue)") }
            return health
        }
    }

    /// The lock that whoever checks this start holds; `nil` when somebody does.
    func takeHealthLock() throws(EngineError) -> FileLock? {
        try EngineError.step("lock \(healthLockPath)") { () throws(SystemError) in
            let file = try FileDescriptor.open(healthLockPath, [.create, .writeOnly], mode: 0o600)
            return try FileLock.take(file, name: healthLockPath, wait: false)
        }
    }

    /// Has a process of its own check the start `running`, if something is to be checked and nobody does. The caller holds the lock.
    ///
    /// The lock is taken here and handed on, so that whoever asks from now on sees that somebody checks.
    func watchHealth(_ running: Running) throws(EngineError) {
        guard record.activeHealthcheck != nil, let lock = try takeHealthLock() else { return }
        let command = OwnCommand(.watch, paths: engine.paths, id: id, token: running.token)
        try EngineError.step("start what checks \(record.name)") { () throws(SystemError) in
            try startDetached(
                [engine.program] + command.words, environment: engine.environment.words,
                keeping: lock.descriptor)
        }
    }
}
