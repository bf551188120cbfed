package import JSON

extension ContainerRecord {
    /// The record as `record.json` has it: what is empty or the default is left out.
    package var value: JSONValue {
        var object = JSONObject()
        object.set("id", id)
        object.set("name", name)
        object.set("created", created)
        object.setText("image", image)
        object.setText("imageID", imageID)
        writeProcess(&object)
        writeFiles(&object)
        writeRights(&object)
        writeLife(&object)
        object.setRest(others)
        return object.value
    }

    private func writeProcess(_ object: inout JSONObject) {
        object.set("entrypoint", entrypoint)
        object.set("arguments", arguments)
        object.set("environment", environment)
        object.setText("workingDirectory", workingDirectory)
        object.setText("user", user)
        object.set("groups", groups)
        object.setText("hostname", hostname)
        object.setText("domainname", domainname)
        object.setFlag("terminal", hasTerminal)
        object.setFlag("openInput", keepsInputOpen)
        object.setText("stopSignal", stopSignal)
        object.set("stopTimeout", stopTimeout)
        object.set("labels", labels)
        object.set("annotations", annotations)
    }

    private func writeFiles(_ object: inout JSONObject) {
        object.set("mounts", mounts) { $0.value }
        object.setFlag("readOnly", hasReadOnlyRoot)
        object.set("sharedMemorySize", sharedMemorySize)
        object.set("devices", devices) { $0.value }
    }

    private func writeRights(_ object: inout JSONObject) {
        object.set("addedCapabilities", addedCapabilities)
        object.set("droppedCapabilities", droppedCapabilities)
        object.setFlag("privileged", isPrivileged)
        object.set("securityOptions", securityOptions)
        object.set("limits", limits.object)
        object.set("ulimits", ulimits) { $0.value }
        object.set("sysctls", sysctls)
        object.set("namespaces", namespaces.object)
    }

    private func writeLife(_ object: inout JSONObject) {
        object.set("restart", restart.object)
        object.setFlag("autoRemove", removesItself)
        object.setText("logDriver", logDriver)
        object.set("logOptions", logOptions)
        object.setFlag("init", hasInit)
        object.setText("runtime", runtime)
        object.set("healthcheck", healthcheck?.object.value)
    }
}

extension ContainerRecord.Mount {
    var value: JSONValue {
        var object = JSONObject()
        object.set("kind", kind.rawValue)
        object.setText("source", source)
        object.set("destination", destination)
        object.setFlag("readOnly", isReadOnly)
        object.set("options", options)
        object.setFlag("createSource", createsSource)
        object.setFlag("anonymous", isAnonymous)
        object.setFlag("noCopy", isNotFilled)
        object.setRest(others)
        return object.value
    }
}

extension ContainerRecord.Device {
    var value: JSONValue {
        var object = JSONObject()
        object.set("source", source)
        object.set("destination", destination)
        object.set("access", access)
        return object.value
    }
}

extension ContainerRecord.Ulimit {
    var value: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("soft", soft)
        object.set("hard", hard)
        return object.value
    }
}

extension ContainerRecord.Limits {
    var object: JSONObject {
        var object = JSONObject()
        object.set("memory", memory)
        object.set("memoryAndSwap", memoryAndSwap)
        object.set("memoryReservation", memoryReservation)
        object.set("nanoCPUs", nanoCPUs)
        object.set("cpuShares", cpuShares)
        object.set("cpuPeriod", cpuPeriod)
        object.set("cpuQuota", cpuQuota)
        object.setText("cpus", cpus)
        object.setText("memoryNodes", memoryNodes)
        object.set("pids", pids)
        object.set("oomScoreAdjustment", oomScoreAdjustment)
        object.setFlag("disableOOMKiller", disablesOOMKiller)
        object.setRest(others)
        return object
    }
}

extension ContainerRecord.Namespaces {
    var object: JSONObject {
        var object = JSONObject()
        object.setText("pid", pid)
        object.setText("ipc", ipc)
        object.setText("uts", uts)
        object.setText("cgroup", cgroup)
        return object
    }
}

extension ContainerRecord.RestartPolicy {
    var object: JSONObject {
        var object = JSONObject()
        object.set("policy", kind.rawValue)
        if maximumRetries > 0 { object.set("maximumRetries", maximumRetries) }
        return object
    }
}

extension ContainerRecord.Healthcheck {
    var object: JSONObject {
        var object = JSONObject()
        object.set("test", test)
        if interval != 0 { object.set("interval", interval) }
        if timeout != 0 { object.set("timeout", timeout) }
        if startPeriod != 0 { object.set("startPeriod", startPeriod) }
        if startInterval != 0 { object.set("startInterval", startInterval) }
        if retries != 0 { object.set("retries", retries) }
        return object
    }
}
