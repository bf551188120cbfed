public import JSON

extension Statistics {
    /// The `data` member of what `runc events --stats` prints, with its names and its omissions: numbers that may be
    /// missing are, when they are zero.
    public var json: JSONValue {
        var data = JSONObject()
        data.set("cpu", cpu.json)
        data.set("cpuset", cpuset.json)
        data.set("memory", memory.json)
        var pids = JSONObject()
        pids.setUnlessZero("current", self.pids.current)
        pids.setUnlessZero("limit", self.pids.limit)
        data.set("pids", pids.value)
        data.set("blkio", io.json)
        data.set("hugetlb", .object(hugepages.map { .init($0.size, $0.json) }))
        // This runtime makes no such groups and counts no interfaces; readers expect the members all the same.
        data.set("intel_rdt", JSONObject().value)
        data.set("network_interfaces", .null)
        return data.value
    }
}

extension JSONObject {
    fileprivate mutating func setUnlessZero(_ name: String, _ number: UInt64) {
        if number != 0 { set(name, number) }
    }
}

extension Statistics.CPU {
    fileprivate var json: JSONValue {
        var usage = JSONObject()
        usage.setUnlessZero("total", total)
        usage.set("percpu", each) { .number($0) }
        usage.set("percpu_kernel", eachKernel) { .number($0) }
        usage.set("percpu_user", eachUser) { .number($0) }
        usage.set("kernel", kernel)
        usage.set("user", user)
        var throttling = JSONObject()
        throttling.setUnlessZero("periods", periods)
        throttling.setUnlessZero("throttledPeriods", throttledPeriods)
        throttling.setUnlessZero("throttledTime", throttledTime)
        var object = JSONObject()
        object.set("usage", usage.value)
        object.set("throttling", throttling.value)
        object.set("psi", pressure?.json)
        return object.value
    }
}

extension Statistics.CPUSetState {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("cpus", cpus) { .number($0) }
        for name in Self.names {
            if name == "mem_hardwall" { object.set("mems", mems) { .number($0) } }
            object.set(name, flags[name] ?? 0)
        }
        return object.value
    }
}

extension Statistics.Memory {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.setUnlessZero("cache", cache)
        object.set("usage", usage.json)
        object.set("swap", swap.json)
        object.set("kernel", kernel.json)
        object.set("kernelTCP", kernelTCP.json)
        let sorted = raw.sorted { $0.key < $1.key }
        if !raw.isEmpty { object.set("raw", .object(sorted.map { .init($0.key, .number($0.value)) })) }
        object.set("psi", pressure?.json)
        return object.value
    }
}

extension Statistics.Amount {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("limit", limit)
        object.setUnlessZero("usage", usage)
        object.setUnlessZero("max", max)
        object.set("failcnt", failures)
        return object.value
    }
}

extension Statistics.IO {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        for table in tables {
            object.set(table.name, table.entries) { entry in
                var line = JSONObject()
                line.setUnlessZero("major", entry.major)
                line.setUnlessZero("minor", entry.minor)
                if !entry.operation.isEmpty { line.set("op", entry.operation) }
                line.setUnlessZero("value", entry.value)
                return line.value
            }
        }
        object.set("psi", pressure?.json)
        return object.value
    }
}

extension Statistics.Hugepages {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.setUnlessZero("usage", usage)
        object.setUnlessZero("max", max)
        object.set("failcnt", failures)
        return object.value
    }
}

extension Statistics.Pressure {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("some", some.json)
        object.set("full", full.json)
        return object.value
    }
}

extension Statistics.Pressure.Share {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.set("avg10", Self.plain(last10))
        object.set("avg60", Self.plain(last60))
        object.set("avg300", Self.plain(last300))
        object.set("total", total)
        return object.value
    }

    /// 0 as `0`, the way most writers of JSON do.
    private static func plain(_ number: Double) -> JSONValue {
        Int64(exactly: number).map(JSONValue.integer) ?? .real(number)
    }
}
