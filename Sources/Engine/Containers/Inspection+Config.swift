internal import JSON

extension Container {
    /// `Config`: what belongs to the container wherever it runs.
    func configurationValue() throws(EngineError) -> JSONValue {
        var object = JSONObject()
        object.set("Hostname", record.hostname)
        object.set("Domainname", record.domainname)
        object.set("User", record.user)
        object.set("AttachStdin", false)
        object.set("AttachStdout", true)
        object.set("AttachStderr", true)
        let ports = exposedPorts()
        if !ports.isEmpty { object.set("ExposedPorts", .object(ports.map { .init($0, .object([])) })) }
        object.set("Tty", record.hasTerminal)
        object.set("OpenStdin", record.keepsInputOpen)
        object.set("StdinOnce", false)
        object.set("Env", strings(record.environment))
        object.set("Cmd", stringsOrNull(record.arguments))
        if let check = record.healthcheck { object.set("Healthcheck", check.docker) }
        object.set("Image", record.image)
        let volumes = record.mounts.filter { $0.kind == .volume }.map(\.destination).sorted()
        object.set("Volumes", volumes.isEmpty ? .null : .object(volumes.map { .init($0, .object([])) }))
        object.set("WorkingDir", record.workingDirectory)
        object.set("Entrypoint", stringsOrNull(record.entrypoint))
        object.set("OnBuild", .null)
        object.set("Labels", stringObject(record.labels))
        object.set("StopSignal", record.stopSignal)
        object.set("StopTimeout", record.stopTimeout)
        return object.value
    }

    /// `HostConfig`: what belongs to the machine it runs on.
    func hostConfiguration() throws(EngineError) -> JSONValue {
        var object = JSONObject()
        object.set("Binds", stringsOrNull(record.mounts.filter { $0.kind != .tmpfs }.map(bind)))
        object.set("ContainerIDFile", "")
        var log = JSONObject()
        log.set("Type", record.logDriver)
        log.set("Config", stringObject(record.logOptions))
        object.set("LogConfig", log.value)
        try setNetwork(&object)
        var restart = JSONObject()
        restart.set("Name", record.restart.kind.rawValue)
        restart.set("MaximumRetryCount", record.restart.maximumRetries)
        object.set("RestartPolicy", restart.value)
        object.set("AutoRemove", record.removesItself)
        setRights(&object)
        setLimits(&object)
        return object.value
    }

    private func bind(_ mount: ContainerRecord.Mount) -> String {
        let mode = (mount.options + (mount.isReadOnly ? ["ro"] : [])).joined(separator: ",")
        return "\(mount.source):\(mount.destination)" + (mode.isEmpty ? "" : ":\(mode)")
    }

    private func setRights(_ object: inout JSONObject) {
        object.set("CapAdd", stringsOrNull(record.addedCapabilities))
        object.set("CapDrop", stringsOrNull(record.droppedCapabilities))
        object.set("CgroupnsMode", record.namespaces.cgroup.isEmpty ? "host" : record.namespaces.cgroup)
        object.set("GroupAdd", stringsOrNull(record.groups))
        object.set("IpcMode", record.namespaces.ipc.isEmpty ? "private" : record.namespaces.ipc)
        object.set("OomScoreAdj", record.limits.oomScoreAdjustment ?? 0)
        object.set("PidMode", record.namespaces.pid)
        object.set("Privileged", record.isPrivileged)
        object.set("ReadonlyRootfs", record.hasReadOnlyRoot)
        object.set("SecurityOpt", stringsOrNull(record.securityOptions))
        object.set("UTSMode", record.namespaces.uts)
        object.set("UsernsMode", "")
        object.set("Sysctls", stringObject(record.sysctls))
        object.set("Runtime", record.runtime.isEmpty ? engine.defaultRuntime : record.runtime)
        object.set("Init", record.hasInit)
        object.set("Devices", .array(record.devices.map(device)))
        let tmpfs = record.mounts.filter { $0.kind == .tmpfs }
        if !tmpfs.isEmpty {
            object.set(
                "Tmpfs",
                .object(tmpfs.map { .init($0.destination, .string($0.options.joined(separator: ","))) }))
        }
    }

    private func device(_ device: ContainerRecord.Device) -> JSONValue {
        var object = JSONObject()
        object.set("PathOnHost", device.source)
        object.set("PathInContainer", device.destination)
        object.set("CgroupPermissions", device.access)
        return object.value
    }

    private func setLimits(_ object: inout JSONObject) {
        let limits = record.limits
        object.set("ShmSize", record.sharedMemorySize ?? 64 << 20)
        object.set("CpuShares", limits.cpuShares ?? 0)
        object.set("Memory", limits.memory ?? 0)
        object.set("NanoCpus", limits.nanoCPUs ?? 0)
        object.set("CpuPeriod", limits.cpuPeriod ?? 0)
        object.set("CpuQuota", limits.cpuQuota ?? 0)
        object.set("CpusetCpus", limits.cpus)
        object.set("CpusetMems", limits.memoryNodes)
        object.set("MemoryReservation", limits.memoryReservation ?? 0)
        object.set("MemorySwap", limits.memoryAndSwap ?? limits.usualMemoryAndSwap ?? 0)
        object.set("OomKillDisable", limits.disablesOOMKiller)
        object.set("PidsLimit", limits.pids.map { .integer($0) } ?? .null)
        object.set(
            "Ulimits",
            .array(
                record.ulimits.map { limit in
                    var object = JSONObject()
                    object.set("Name", limit.name)
                    object.set("Hard", limit.hard)
                    object.set("Soft", limit.soft)
                    return object.value
                }))
    }
}

extension ContainerRecord.Healthcheck {
    /// As Docker and images have it.
    var docker: JSONValue {
        var object = JSONObject()
        object.set("Test", test)
        if interval != 0 { object.set("Interval", interval) }
        if timeout != 0 { object.set("Timeout", timeout) }
        if startPeriod != 0 { object.set("StartPeriod", startPeriod) }
        if startInterval != 0 { object.set("StartInterval", startInterval) }
        if retries != 0 { object.set("Retries", retries) }
        return object.value
    }
}
