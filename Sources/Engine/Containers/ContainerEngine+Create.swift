internal import ImageStore
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
        let images = try Images(paths) { [] }
        try images.fetch(for: request, pull: pull)
        request.record.id = newIdentifier()
        request.record.created = realtimeNanoseconds()
        let (record, warnings) = try store(&request, images)
        let container = Container(record, of: self)
        do throws(EngineError) { try writeIDFile(request.idFile, container.id) } catch {
            // What it failed with is what counts.
            try? container.remove(withVolumes: true)
            throw error
        }
        container.tell("create")
        return (container, warnings)
    }

    /// Nobody removes the image or volumes until the record is there, which says who has them.
    private func store(
        _ request: inout ContainerRequest, _ images: Images
    ) throws(EngineError) -> (ContainerRecord, warnings: [String]) {
        let lock = try EngineError.images { () throws(ImageError) in try images.store.holdNames() }
        defer { keep(lock) }
        try images.complete(&request)
        guard !request.record.command.isEmpty else { throw EngineError("no command specified", .invalid) }
        try resolveContainers(&request)
        request.sandbox.containerID = request.record.id
        request.sandbox.name = request.record.name
        do throws(EngineError) {
            return try volumes.holding { () throws(EngineError) in
                try volumes.claim(&request.record.mounts)
                return try withNetworks(of: request.sandbox) { () throws(EngineError) in
                    let plan = try Sandbox.plan(request.sandbox, in: networkEnvironment)
                    return (try add(request.record, plan.record), plan.warnings)
                }
            }
        } catch {
            // Those without a name are nobody's then. What it failed with is what counts.
            try? volumes.release(request.record.mounts, users: volumeUsers)
            throw error
        }
    }

    /// Runs `body` while nobody removes a network, if the container is to have any.
    private func withNetworks<Value>(
        of request: SandboxRequest, _ body: () throws(EngineError) -> Value
    ) throws(EngineError) -> Value {
        guard case .networks = request.mode else { return try body() }
        return try NetworkStore(networkEnvironment).holding(shared: true, body)
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
