package import JSON
internal import Kernel

extension Container {
    /// What `inspect` shows, with Docker's members. `withSize`: also what the container has changed, in bytes.
    package func inspected(withSize: Bool = false) throws(EngineError) -> JSONValue {
        let (state, outcome) = (try state(), try currentOutcome())
        var object = JSONObject()
        object.set("Id", id)
        object.set("Created", momentText(record.created))
        object.set("Path", record.command.first ?? "")
        object.set("Args", strings(Array(record.command.dropFirst())))
        object.set("State", try stateValue(state, outcome))
        object.set("Image", record.imageID)
        let files = try networkFiles()
        object.set("ResolvConfPath", files.resolvConf ?? "")
        object.set("HostnamePath", files.hostname ?? "")
        object.set("HostsPath", files.hosts ?? "")
        object.set("LogPath", record.logDriver == "none" ? "" : logPath)
        object.set("Name", "/" + record.name)
        object.set("RestartCount", outcome.restarts)
        object.set("Driver", "overlay")
        object.set("Platform", "linux")
        object.set("MountLabel", "")
        object.set("ProcessLabel", "")
        object.set("AppArmorProfile", "")
        object.set("ExecIDs", .null)
        object.set("HostConfig", try hostConfiguration())
        object.set("GraphDriver", storage())
        if withSize { object.set("SizeRw", treeSize(folder + "/upper")) }
        object.set("Mounts", .array(record.mounts.filter { $0.kind != .tmpfs }.map(mountValue)))
        object.set("Config", try configurationValue())
        object.set("NetworkSettings", try networkSettings())
        return object.value
    }

    private func stateValue(_ state: ContainerState, _ outcome: Outcome) throws(EngineError) -> JSONValue {
        var object = JSONObject()
        let live = state.live
        object.set("Status", state.word)
        object.set("Running", live != nil || state.word == "restarting")
        object.set("Paused", state.word == "paused")
        object.set("Restarting", state.word == "restarting")
        object.set("OOMKilled", outcome.wasOutOfMemory)
        object.set("Dead", false)
        object.set("Pid", live?.process.pid ?? 0)
        object.set("ExitCode", outcome.exitCode)
        object.set("Error", outcome.error)
        object.set("StartedAt", momentText(outcome.started))
        object.set("FinishedAt", momentText(outcome.finished))
        if let health = try health() { object.set("Health", health.docker) }
        return object.value
    }

    private func storage() -> JSONValue {
        var data = JSONObject()
        data.set("MergedDir", root)
        data.set("UpperDir", folder + "/upper")
        data.set("WorkDir", folder + "/work")
        var object = JSONObject()
        object.set("Data", data.value)
        object.set("Name", "overlay")
        return object.value
    }

    private func mountValue(_ mount: ContainerRecord.Mount) -> JSONValue {
        let isVolume = mount.kind == .volume
        var object = JSONObject()
        object.set("Type", mount.kind.rawValue)
        if isVolume { object.set("Name", mount.source) }
        object.set("Source", isVolume ? engine.paths.volumes + "/\(mount.source)/_data" : mount.source)
        object.set("Destination", mount.destination)
        if isVolume { object.set("Driver", "local") }
        object.set("Mode", (mount.options + (mount.isReadOnly ? ["ro"] : [])).joined(separator: ","))
        object.set("RW", !mount.isReadOnly)
        let propagations = ["shared", "rshared", "slave", "rslave", "private", "rprivate"]
        let propagation = mount.options.first(where: propagations.contains)
        object.set("Propagation", propagation ?? (isVolume ? "" : "rprivate"))
        return object.value
    }
}

/// A list of strings that is there even when it is empty.
func strings(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }

/// A list of strings, or null when it is empty, as Docker writes what was not asked for.
func stringsOrNull(_ words: [String]) -> JSONValue { words.isEmpty ? .null : strings(words) }

/// Strings by name, in their order.
func stringObject(_ map: [String: String]) -> JSONValue {
    .object(map.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
}
