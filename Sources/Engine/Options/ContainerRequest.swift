package import ImageStore

/// Everything a person asked for with `run` or `create`, before the image, the other containers and the networks are known.
package struct ContainerRequest: Hashable, Sendable {
    /// What was asked for; ``ContainerRecord/stopSignal`` is empty where nothing was.
    package var record: ContainerRecord
    package var program = AskedProgram()
    /// Containers in `container:NAME` and in links are as they were typed; the ID and the name are not filled in.
    package var sandbox: SandboxRequest
    package var pull = PullPolicy.missing
    /// `--platform`, as typed; empty is this machine's.
    package var platform = ""
    /// Where to write the ID: `--cidfile`.
    package var idFile: String?

    package init(record: ContainerRecord, sandbox: SandboxRequest) {
        (self.record, self.sandbox) = (record, sandbox)
    }

    /// When an image is pulled. `--pull`
    package enum PullPolicy: String, CaseIterable, Hashable, Sendable {
        case always, missing, never
    }

    /// Adds what the image says where nothing else was asked for. `newName`: names for anonymous volumes.
    ///
    /// - Throws: ``EngineError`` for ports of the image which are none.
    package mutating func inherit(
        _ image: ImageConfiguration, newName: () -> String
    ) throws(EngineError) {
        for index in record.mounts.indices where record.mounts[index].isAnonymous {
            if record.mounts[index].source.isEmpty { record.mounts[index].source = newName() }
        }
        record.inherit(image, program, newName: newName)
        for text in image.exposedPorts {
            for port in try ContainerPort.parse(text) where !sandbox.exposed.contains(port) {
                sandbox.exposed.append(port)
            }
        }
    }
}

extension ContainerRequest {
    /// Refuses what contradicts itself.
    package func check() throws(EngineError) {
        if !record.stopSignal.isEmpty { _ = try signalNumber(named: record.stopSignal) }
        if record.namespaces.uts == "host", !record.hostname.isEmpty {
            throw EngineError("conflicting options: hostname and the UTS mode", .conflict)
        }
        if case .container = sandbox.mode, !record.hostname.isEmpty {
            throw EngineError("conflicting options: hostname and the network mode", .conflict)
        }
        guard
            record.limits.nanoCPUs == nil
                || (record.limits.cpuQuota == nil && record.limits.cpuPeriod == nil)
        else {
            throw EngineError(
                "Conflicting options: Nano CPUs and CPU Period or Quota cannot both be set.", .conflict)
        }
    }
}

/// Refuses names of capabilities and security options nobody knows, before anything is made.
package func checkRights(of record: ContainerRecord) throws(EngineError) {
    _ = try grantedCapabilities(
        added: record.addedCapabilities, dropped: record.droppedCapabilities, isPrivileged: false,
        available: [])
    _ = try SecurityOptions(record.securityOptions)
}
