internal import JSON
internal import Kernel

extension ContainerEngine {
    /// What `info` shows: how many containers there are, and what the engine works with. `version`: of this program.
    package func information(version: String, format: String?) throws(EngineError) -> String {
        let containers = try list(allContainers())
        let count = { (word: String) in containers.filter { $0.state.word == word }.count }
        var object = JSONObject()
        object.set("Containers", containers.count)
        object.set("ContainersRunning", count("running"))
        object.set("ContainersPaused", count("paused"))
        object.set("ContainersStopped", containers.count - count("running") - count("paused"))
        object.set("ServerVersion", version)
        object.set("Driver", "overlay")
        object.set("LoggingDriver", "json-file")
        object.set("CgroupVersion", fileExists("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1")
        object.set("DefaultRuntime", defaultRuntime)
        object.set("RuntimePath", try? programPath(defaultRuntime))
        object.set("ConmonPath", try? programPath("conmon"))
        object.set("Plugins", strings(pluginNames()))
        object.set("PluginDirectories", strings(pluginDirectories))
        object.set("FirewallBackend", "nftables")
        object.set("Cluster", Cluster(networkEnvironment).endpoints)
        object.set("KernelVersion", try? readText("/proc/sys/kernel/osrelease"))
        object.set("OperatingSystem", operatingSystem())
        object.set("Name", try? readText("/proc/sys/kernel/hostname"))
        object.set("MemTotal", machineMemory())
        object.set("RootDir", paths.root)
        object.set("RunDir", paths.run)
        return try facts(object, format)
    }

    /// What `version` shows: this program, the OCI runtime, conmon.
    package func versions(version: String, format: String?) throws(EngineError) -> String {
        var object = JSONObject()
        object.set("Version", version)
        object.set("Runtime", firstLine(of: defaultRuntime))
        object.set("Conmon", firstLine(of: "conmon"))
        object.set("KernelVersion", try? readText("/proc/sys/kernel/osrelease"))
        return try facts(object, format)
    }

    private func allContainers() throws(EngineError) -> ListQuery {
        var query = try ListQuery(filters: [])
        query.isAll = true
        return query
    }

    /// `Name: value` lines, JSON, or what a template makes of it.
    private func facts(_ object: JSONObject, _ format: String?) throws(EngineError) -> String {
        if format == "json" { return object.value.text + "\n" }
        if let format, !format.isEmpty { return try Template(format).text(for: object.value) + "\n" }
        guard case .object(let members) = object.value else { return "" }
        return members.map { member in
            let text: String =
                switch member.value {
                case .string(let text): text
                case .array(let values):
                    values.map { if case .string(let text) = $0 { text } else { $0.text } }.joined(
                        separator: " ")
                default: member.value.text
                }
            return "\(member.name): \(text)\n"
        }.joined()
    }

    /// The executables in the plugin directories.
    private func pluginNames() -> [String] {
        Set(pluginDirectories.flatMap { (try? listDirectory($0)) ?? [] }).sorted()
    }

    private func operatingSystem() -> String? {
        guard let text = try? readText("/etc/os-release") else { return nil }
        let name = "PRETTY_NAME="
        return text.split(separator: "\n").first { $0.hasPrefix(name) }
            .map { $0.dropFirst(name.count).filter { $0 != "\"" } }
    }

    /// The first line a program says about its version; `nil` when it is not there.
    private func firstLine(of name: String) -> String? {
        guard let path = try? programPath(name) else { return nil }
        var program = Program(path: path, arguments: [path, "--version"], environment: environment.words)
        program.collectsOutput = true
        program.timeout = 2000
        guard let output = try? program.run().output else { return nil }
        return String(decoding: output.prefix { $0 != 10 }, as: UTF8.self)
    }
}
