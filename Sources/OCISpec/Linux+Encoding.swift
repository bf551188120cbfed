internal import JSON

extension Linux {
    var json: JSONValue {
        var object = JSONObject()
        object.set("namespaces", namespaces) { $0.json }
        object.set("uidMappings", uidMappings) { $0.json }
        object.set("gidMappings", gidMappings) { $0.json }
        object.set("timeOffsets", timeOffsetsObject)
        object.set("devices", devices) { $0.json }
        object.set("netDevices", netDevicesObject)
        object.set("cgroupsPath", cgroupsPath)
        object.set("resources", resources == Resources() ? nil : resources.json)
        object.set("rootfsPropagation", rootfsPropagation?.rawValue)
        object.set("maskedPaths", maskedPaths)
        object.set("readonlyPaths", readonlyPaths)
        object.set("mountLabel", mountLabel)
        object.set("personality", personality?.json)
        object.set("seccomp", seccomp?.json)
        object.set("sysctl", sysctlObject)
        object.set("memoryPolicy", memoryPolicy?.json)
        object.set("intelRdt", intelRdt?.json)
        return object.value
    }

    private var timeOffsetsObject: JSONObject {
        var object = JSONObject()
        for offset in timeOffsets {
            var value = JSONObject()
            value.set("secs", offset.secs)
            value.set("nanosecs", offset.nanosecs)
            object.set(offset.clock.rawValue, value.value)
        }
        return object
    }

    private var netDevicesObject: JSONObject {
        var object = JSONObject()
        for device in netDevices {
            var value = JSONObject()
            value.set("name", device.name)
            object.set(device.hostName, value.value)
        }
        return object
    }

    private var sysctlObject: JSONObject {
        var object = JSONObject()
        for parameter in sysctl { object.set(parameter.name, parameter.value) }
        return object
    }
}

extension Namespace {
    var json: JSONValue {
        var object = JSONObject()
        object.set("type", type.rawValue)
        object.set("path", path)
        return object.value
    }
}

extension Device {
    var json: JSONValue {
        var object = JSONObject()
        object.set("path", path)
        object.set("type", type.rawValue)
        if type != .fifo {
            object.set("major", major)
            object.set("minor", minor)
        }
        object.set("fileMode", fileMode)
        object.set("uid", uid)
        object.set("gid", gid)
        return object.value
    }
}

extension Personality {
    var json: JSONValue {
        var object = JSONObject()
        object.set("domain", domain.rawValue)
        object.set("flags", flags)
        return object.value
    }
}

extension MemoryPolicy {
    var json: JSONValue {
        var object = JSONObject()
        object.set("mode", mode.rawValue)
        object.set("nodes", nodes.isEmpty ? nil : nodes)
        object.set("flags", flags) { .string($0.rawValue) }
        return object.value
    }
}

extension IntelRdt {
    var json: JSONValue {
        var object = JSONObject()
        object.set("closID", closID)
        object.set("l3CacheSchema", l3CacheSchema)
        object.set("memBwSchema", memBwSchema)
        object.set("schemata", schemata)
        if enableMonitoring { object.set("enableMonitoring", true) }
        return object.value
    }
}
