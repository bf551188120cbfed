internal import Kernel

extension ContainerEngine {
    /// Checks one start of a container until it ends: the whole life of the process which does that.
    ///
    /// It sleeps between two checks, and holds `health.lock`, which whoever started it has handed on.
    func watchHealth(_ command: OwnCommand) throws(EngineError) {
        guard let record = try record(command.id), let check = record.activeHealthcheck else { return }
        let container = Container(record, of: self)
        guard let running = try container.running(), running.token == command.token,
            let process = try container.processHandle(of: running)
        else { return }
        var health = try container.health() ?? Health()
        while true {
            let pause = check.pause(health.status, age: realtimeNanoseconds() - running.started)
            let hasEnded = try EngineError.step("wait for \(record.name)") { () throws(SystemError) in
                try process.restUntilReadable(milliseconds: pause)
            }
            if hasEnded { return }
            guard case .running = try container.state(), let probe = try container.probe(running, check)
            else {
                continue
            }
            guard let next = try container.remember(probe, of: running) else { return }
            health = next
        }
    }
}

extension Container {
    /// Makes one check now; what came of it.
    ///
    /// - Throws: ``EngineError`` when the container does not run, or nothing is to be checked.
    package func checkHealth() throws(EngineError) -> Health {
        guard let check = record.activeHealthcheck else {
            throw EngineError("has no defined healthcheck: \(record.name)", .conflict)
        }
        guard case .running(let running) = try state() else {
            throw EngineError("container \(id) is not running", .conflict)
        }
        guard let probe = try probe(running, check), let health = try remember(probe, of: running) else {
            throw EngineError("container \(id) was stopped or paused during the check", .conflict)
        }
        return health
    }
}

/// Finds health checks nobody makes, because what made them was killed.
package struct HealthAudit: Sendable {
    private let engine: ContainerEngine

    package init(_ engine: ContainerEngine) { self.engine = engine }

    /// Looks at every running container; with `repairs` the checks go on.
    package func run(repairs: Bool) throws(EngineError) -> [Finding] {
        let checked = try engine.records().filter { $0.activeHealthcheck != nil }
        return try engine.findings(in: checked) { container throws(EngineError) in
            try audit(container, repairs)
        }
    }

    private func audit(_ container: Container, _ repairs: Bool) throws(EngineError) -> Finding? {
        guard let running = try container.state().live else { return nil }
        // Let go again before somebody else may want it.
        do { guard try container.takeHealthLock() != nil else { return nil } }
        return Finding("container \(container.record.name)", "nobody makes its health checks", repairs) {
            () throws(EngineError) in try container.watchHealth(running)
        }
    }
}
