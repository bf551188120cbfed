internal import Kernel

extension ContainerEngine {
    /// Stores a new container. `pull` is called when its image has to be pulled first, with the image's name and platform as typed.
    ///
    /// - Returns: the container, and warnings for the person who asked.
    package func create(
        _ request: ContainerRequest, pull: (String, String) throws(EngineError) -> Void
    ) throws(EngineError) -> (container: Container, warnings: [String]) {
        try checkRights(of: request.record)
        try checkIDFile(request.idFile)
        var request = request
        try Images(paths).complete(&request, pull: pull)
        guard !request.record.command.isEmpty else { throw EngineError("no command specified", .invalid) }
        request.record.id = newIdentifier()
        request.record.created = realtimeNanoseconds()
        try resolveContainers(&request)
        let container = Container(try addWithVolumes(request.record), of: self)
        do throws(EngineError) {
            request.sandbox.containerID = container.id
            request.sandbox.name = container.record.name
            let warnings = try container.createNetwork(request.sandbox)
            try writeIDFile(request.idFile, container.id)
            container.tell("create")
            return (container, warnings)
        } catch {
            // What it failed with is what counts.
            try? container.erase(withVolumes: true)
            throw error
        }
    }

    private func addWithVolumes(_ asked: ContainerRecord) throws(EngineError) -> ContainerRecord {
        var record = asked
        try volumes.claim(&record.mounts)
        do throws(EngineError) { return try add(record) } catch {
            // Those without a name are nobody's then. What it failed with is what counts.
            try? volumes.release(record.mounts, users: volumeUsers())
            throw error
        }
    }

    /// Puts IDs in the places where somebody typed names of other containers.
    private func resolveContainers(_ request: inout ContainerRequest) throws(EngineError) {
        if case .container(let name) = request.sandbox.mode {
            request.sandbox.mode = .container(try find(name).id)
        }
        try resolve(&request.sandbox.links)
        if case .networks(var endpoints) = request.sandbox.mode {
            for index in endpoints.indices { try resolve(&endpoints[index].links) }
            request.sandbox.mode = .networks(endpoints)
        }
        request.record.namespaces.pid = try resolved(request.record.namespaces.pid)
        request.record.namespaces.ipc = try resolved(request.record.namespaces.ipc)
        if request.record.hostname.isEmpty, request.record.namespaces.uts.isEmpty {
            request.record.hostname = try hostname(in: request)
        }
        if request.sandbox.hostname.isEmpty { request.sandbox.hostname = request.record.hostname }
    }

    private func resolve(_ links: inout [LinkRequest]) throws(EngineError) {
        for index in links.indices { links[index].containerID = try find(links[index].containerID).id }
    }

    private func hostname(in request: ContainerRequest) throws(EngineError) -> String {
        switch request.sandbox.mode {
        case .container(let id): try find(id).hostname
        case .host: (try? readText("/proc/sys/kernel/hostname")) ?? request.record.shortID
        case .networks, .none: request.record.shortID
        }
    }

    private func resolved(_ mode: String) throws(EngineError) -> String {
        guard mode.hasPrefix("container:") else { return mode }
        return "container:" + (try find(String(mode.dropFirst("container:".count))).id)
    }

    private func checkIDFile(_ path: String?) throws(EngineError) {
        guard let path, fileExists(path) else { return }
        throw EngineError(
            "container ID file found, make sure the other container isn't running or delete \(path)",
            .conflict)
    }

    private func writeIDFile(_ path: String?, _ id: String) throws(EngineError) {
        guard let path else { return }
        try EngineError.step("write \(path)") { () throws(SystemError) in
            try FileDescriptor.open(path, [.create, .exclusive, .writeOnly], mode: 0o644).write(id)
        }
    }
}
