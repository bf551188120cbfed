internal import JSON
internal import Kernel
internal import OCISpec

extension Container {
    /// Writes `config.json` into the bundle.
    func writeConfiguration() throws(EngineError) {
        let configuration = try configuration()
        try EngineError.step("write \(bundle)/config.json") { () throws(SystemError) in
            let file = try FileDescriptor.open(
                bundle + "/config.json", [.create, .truncate, .writeOnly], mode: 0o600)
            try file.write(configuration.json.text)
        }
    }

    private func configuration() throws(EngineError) -> Configuration {
        var configuration = Configuration.template(rootless: false)
        configuration.root.path = root
        configuration.root.readonly = record.hasReadOnlyRoot
        configuration.hostname = record.hostname
        var process = configuration.process ?? Process()
        process.terminal = record.hasTerminal
        process.args = record.command
        process.env = record.environment
        process.cwd = record.workingDirectory.isEmpty ? "/" : record.workingDirectory
        process.noNewPrivileges = false
        configuration.process = process
        configuration.linux.cgroupsPath = "/apus-\(id)"
        return configuration
    }

    func removeAnonymousVolumes() throws(EngineError) {}
}
