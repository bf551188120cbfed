internal import Addressing
internal import Kernel

// Links on the default bridge: a line of the linker's hosts file for each.
extension Sandbox {
    /// Refuses a link to a container which does not run, and notes at the others that this one follows them.
    func checkLinks(_ record: SandboxRecord) throws(EngineError) {
        for link in record.request.links + record.endpoints.flatMap(\.request.links) {
            let target = Sandbox(environment, containerID: link.containerID)
            let other = try target.record()
            guard other.isRunning(link.containerID, paths) else {
                throw EngineError(
                    "Cannot link to a non running container: /\(other.request.name) AS /\(record.request.name)/\(link.alias)",
                    .conflict)
            }
            try target.note(linker: containerID)
        }
    }

    private func note(linker: String) throws(EngineError) {
        try EngineError.step("note a link to \(containerID.prefix(12))") { () throws(SystemError) in
            try makeDirectories("\(folder)/linkers", mode: 0o700)
            _ = try FileDescriptor.open("\(folder)/linkers/\(linker)", [.create, .writeOnly], mode: 0o600)
        }
    }

    func linkLines(_ record: SandboxRecord) -> [HostsFile.Line] {
        record.request.links.flatMap { link -> [HostsFile.Line] in
            // Who has gone has no line.
            let target = Sandbox(environment, containerID: link.containerID)
            guard let other = try? target.record(), other.isRunning(link.containerID, paths),
                let hostname = try? target.hostname(of: other)
            else { return [] }
            var names = [link.alias]
            for name in [hostname, other.request.name] where !names.contains(name) { names.append(name) }
            let addresses = other.endpoints.first { $0.networkName == "bridge" }?.attached?.addresses ?? []
            return addresses.map { HostsFile.Line(address: $0.address, names: names.joined(separator: " ")) }
        }
    }

    /// Has those who link to this container learn its addresses and its name.
    func refreshLinkers() throws(EngineError) {
        for id in (try? listDirectory("\(folder)/linkers")) ?? [] {
            let linker = Sandbox(environment, containerID: id)
            do throws(EngineError) {
                let record = try linker.record()
                guard record.isRunning(id, paths) else { continue }
                try linker.writeHosts(record)
            } catch {
                // A linker that has gone is forgotten.
                guard error.kind == .notFound else { throw error }
                try? removeFileIfPresent("\(folder)/linkers/\(id)")
            }
        }
    }
}
