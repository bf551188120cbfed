internal import ImageStore
internal import Kernel

/// Finds what is left of containers whose commands were killed: halves of them, ends nobody has dealt with, restarts nobody waits for.
package struct ContainerAudit: Sendable {
    private let engine: ContainerEngine

    package init(_ engine: ContainerEngine) { self.engine = engine }

    /// Looks at everything; with `repairs` each finding is put right as far as it goes.
    package func run(repairs: Bool) throws(EngineError) -> [Finding] {
        try halves(repairs)
            + engine.findings(in: try engine.records()) { container throws(EngineError) in
                try audit(container, repairs)
            }
    }

    private func audit(_ container: Container, _ repairs: Bool) throws(EngineError) -> Finding? {
        let name = "container \(container.record.name)"
        if let running = try container.running() {
            guard !running.process.isAlive, !running.monitor.isAlive else { return nil }
            return Finding(name, "it has ended, and nobody has dealt with that", repairs) {
                () throws(EngineError) in try container.finish()
            }
        }
        guard try container.pendingRestart() != nil, !container.isToBeStarted else { return nil }
        return Finding(name, "it was to start again, and nobody is there to do that", repairs) {
            () throws(EngineError) in
            try container.begin(try container.outcome() ?? Outcome(), leavesInputOpen: true) { _, _ in }
        }
    }

    /// Folders without a record.
    private func halves(_ repairs: Bool) throws(EngineError) -> [Finding] {
        var findings: [Finding] = []
        for id in try engine.halves() {
            // Whoever removes a container holds its lock. One that has gone meanwhile cannot be locked.
            guard let lock = (try? FileLock.take(engine.paths.container(id), wait: false)) ?? nil else {
                continue
            }
            findings.append(
                Finding(
                    "container \(id.prefix(12))", "it was never finished, or not wholly removed", repairs
                ) { () throws(EngineError) in try engine.removeHalf(id) })
            keep(lock)
        }
        return findings
    }
}

extension ContainerEngine {
    /// What `audit` finds, asked for one container after the other.
    func findings(
        in records: [ContainerRecord], _ audit: (Container) throws(EngineError) -> Finding?
    ) throws(EngineError) -> [Finding] {
        var findings: [Finding] = []
        for record in records {
            do throws(EngineError) {
                // With the container's lock: one which is just being started or ends is no finding.
                let finding = try Container(record, of: self).locked { container throws(EngineError) in
                    try audit(container)
                }
                if let finding { findings.append(finding) }
            } catch {
                // A container that has gone meanwhile is no finding either.
                guard error.kind == .notFound else { throw error }
            }
        }
        return findings
    }

    /// The IDs of folders which are no containers, while nobody is making one.
    fileprivate func halves() throws(EngineError) -> [String] {
        guard fileExists(paths.names) else { return [] }
        return try changingNames { () throws(EngineError) in
            try identifiers().filter { !fileExists(paths.container($0) + "/record.json") }
        }
    }

    fileprivate func removeHalf(_ id: String) throws(EngineError) {
        try EngineError.images { () throws(ImageError) in
            try MountPlan.unmount(paths.container(id) + "/rootfs")
        }
        try EngineError.step("remove \(paths.container(id))") { () throws(SystemError) in
            try removeTree(id, in: paths.containers)
        }
    }
}
