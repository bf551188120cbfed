internal import Addressing
internal import JSON
internal import Kernel

extension Sandbox {
    /// The files to mount into the container, once it is started.
    package func files() throws(EngineError) -> SandboxFiles {
        switch try record().request.mode {
        case .container(let id): try Sandbox(environment, containerID: id).files()
        case .host, .none, .networks:
            SandboxFiles(
                hosts: "\(folder)/hosts", hostname: "\(folder)/hostname", resolvConf: "\(folder)/resolv.conf")
        }
    }

    /// Writes all three files; to be called with the endpoints attached.
    func writeFiles(_ record: inout SandboxRecord) throws(EngineError) {
        try write("hostname", try hostname(of: record) + "\n")
        try writeHosts(record)
        try writeResolver(&record)
    }

    func writeHosts(_ record: SandboxRecord) throws(EngineError) {
        if case .host = record.request.mode {
            let hosts = Self.hostFile("/etc/hosts")
            return try write(
                "hosts", hosts + (try extraLines(record)).map { "\($0.address)\t\($0.names)\n" }.joined())
        }
        var file = HostsFile()
        file.extra = try extraLines(record)
        file.links = linkLines(record)
        file.own = try ownLines(record)
        try write("hosts", file.text)
    }

    private func extraLines(_ record: SandboxRecord) throws(EngineError) -> [HostsFile.Line] {
        var lines: [HostsFile.Line] = []
        for host in record.request.extraHosts {
            if let address = host.address {
                lines.append(HostsFile.Line(address: address, names: host.name))
            } else {
                // The host as every container can reach it, whatever network it is in.
                for gateway in try store.find("bridge").subnets.compactMap(\.gateway) {
                    lines.append(HostsFile.Line(address: gateway, names: host.name))
                }
            }
        }
        return lines
    }

    private func ownLines(_ record: SandboxRecord) throws(EngineError) -> [HostsFile.Line] {
        let host = try hostname(of: record)
        let domain = record.request.domainname
        let names = domain.isEmpty ? host : "\(host).\(domain) \(host)"
        return record.endpoints.flatMap { entry in
            (entry.attached?.addresses ?? []).map { HostsFile.Line(address: $0.address, names: names) }
        }
    }

    /// The container's resolv.conf: the host's with what was asked for; left alone where the container has changed it.
    func writeResolver(_ record: inout SandboxRecord) throws(EngineError) {
        let path = "\(folder)/resolv.conf"
        if !record.resolvConf.isEmpty, hasChanged(path, from: record.resolvConf) { return }
        let file = Self.hostResolver().overridden(by: record.request.dns)
        switch record.request.mode {
        // Who has no network of his own, or none at all, has the host's file as it is.
        case .host, .none:
            record.resolvConf =
                record.request.dns == NameRequest() ? Self.hostFile("/etc/resolv.conf") : file.text
        case .networks where record.usesResolver: record.resolvConf = file.forResolver.text
        case .networks, .container: record.resolvConf = file.forContainer.text
        }
        try write("resolv.conf", record.resolvConf)
    }

    /// Whether the container, which makes its file as long as it likes, has written another text than ours.
    private func hasChanged(_ path: String, from text: String) -> Bool {
        let ours = Array(text.utf8)
        let file = try? FileDescriptor.open(path, [.noFollow, .nonBlocking])
        guard let bytes = try? file?.readAll(atMost: ours.count + 1) else { return false }
        return bytes != ours
    }

    /// A file of the host, byte for byte; empty when there is none.
    private static func hostFile(_ path: String) -> String {
        String(decoding: (try? readFile(path)) ?? [], as: UTF8.self)
    }

    /// What the host asks: behind a stub of systemd-resolved the servers that one asks.
    private static func hostResolver() -> ResolverFile {
        let file = ResolverFile((try? readText("/etc/resolv.conf")) ?? "")
        guard file.servers == ["127.0.0.53"], let text = try? readText("/run/systemd/resolve/resolv.conf")
        else {
            return file
        }
        return ResolverFile(text)
    }

    /// Writes into the file that is there: it may be mounted into the container, which sees no other one.
    private func write(_ name: String, _ text: String) throws(EngineError) {
        let path = "\(folder)/\(name)"
        try EngineError.step("write \(path)") { () throws(SystemError) in
            let file = try FileDescriptor.open(
                path, [.create, .writeOnly, .truncate, .noFollow], mode: 0o644)
            try file.write(text)
        }
    }
}
