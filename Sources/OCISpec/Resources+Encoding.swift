public import JSON

extension Resources {
    /// The `resources` object.
    public var json: JSONValue {
        var object = JSONObject()
        object.set("devices", devices) { $0.json }
        object.set("memory", memory?.json)
        object.set("cpu", cpu?.json)
        object.set("blockIO", blockIO?.json)
        object.set("pids", pids?.json)
        object.set("hugepageLimits", hugepageLimits) { $0.json }
        object.set("network", network?.json)
        var limits = JSONObject()
        for limit in rdma { limits.set(limit.device, limit.json) }
        object.set("rdma", limits)
        var files = JSONObject()
        for file in unified { files.set(file.name, file.value) }
        object.set("unified", files)
        return object.value
    }
}

extension Resources.DeviceRule {
    var json: JSONValue {
        var object = JSONObject()
        object.set("allow", allow)
        if type != .all { object.set("type", type.rawValue) }
        object.set("major", major)
        object.set("minor", minor)
        object.set("access", access.isEmpty ? nil : access)
        return object.value
    }
}

extension Resources.Memory {
    var json: JSONValue {
        var object = JSONObject()
        object.set("limit", limit)
        object.set("reservation", reservation)
        object.set("swap", swap)
        object.set("kernel", kernel)
        object.set("kernelTCP", kernelTCP)
        object.set("swappiness", swappiness)
        object.set("disableOOMKiller", disableOOMKiller)
        object.set("useHierarchy", useHierarchy)
        object.set("checkBeforeUpdate", checkBeforeUpdate)
        return object.value
    }
}

extension Resources.CPU {
    var json: JSONValue {
        var object = JSONObject()
        object.set("shares", shares)
        object.set("quota", quota)
        object.set("burst", burst)
        object.set("period", period)
        object.set("realtimeRuntime", realtimeRuntime)
        object.set("realtimePeriod", realtimePeriod)
        object.set("cpus", cpus)
        object.set("mems", mems)
        object.set("idle", idle)
        return object.value
    }
}

extension Resources.BlockIO {
    var json: JSONValue {
        var object = JSONObject()
        object.set("weight", weight)
        object.set("leafWeight", leafWeight)
        object.set("weightDevice", weightDevice) { $0.json }
        object.set("throttleReadBpsDevice", throttleReadBpsDevice) { $0.json }
        object.set("throttleWriteBpsDevice", throttleWriteBpsDevice) { $0.json }
        object.set("throttleReadIOPSDevice", throttleReadIOPSDevice) { $0.json }
        object.set("throttleWriteIOPSDevice", throttleWriteIOPSDevice) { $0.json }
        return object.value
    }
}

extension Resources.WeightDevice {
    var json: JSONValue {
        var object = JSONObject()
        object.set("major", major)
        object.set("minor", minor)
        object.set("weight", weight)
        object.set("leafWeight", leafWeight)
        return object.value
    }
}

extension Resources.ThrottleDevice {
    var json: JSONValue {
        var object = JSONObject()
        object.set("major", major)
        object.set("minor", minor)
        object.set("rate", rate)
        return object.value
    }
}

extension Resources.Pids {
    var json: JSONValue {
        var object = JSONObject()
        object.set("limit", limit)
        return object.value
    }
}

extension Resources.HugepageLimit {
    var json: JSONValue {
        var object = JSONObject()
        object.set("pageSize", pageSize)
        object.set("limit", limit)
        return object.value
    }
}

extension Resources.Network {
    var json: JSONValue {
        var object = JSONObject()
        object.set("classID", classID)
        object.set("priorities", priorities) { $0.json }
        return object.value
    }
}

extension Resources.InterfacePriority {
    var json: JSONValue {
        var object = JSONObject()
        object.set("name", name)
        object.set("priority", priority)
        return object.value
    }
}

extension Resources.RDMALimit {
    var json: JSONValue {
        var object = JSONObject()
        object.set("hcaHandles", hcaHandles)
        object.set("hcaObjects", hcaObjects)
        return object.value
    }
}
