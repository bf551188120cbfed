public import JSON

extension Process {
    /// The `process` object.
    public var json: JSONValue {
        var object = JSONObject()
        if terminal { object.set("terminal", true) }
        object.set("consoleSize", consoleSize?.json)
        object.set("user", user.json)
        object.set("args", args)
        object.set("env", env)
        object.set("cwd", cwd)
        object.set("capabilities", capabilities?.json)
        object.set("rlimits", rlimits) { $0.json }
        if noNewPrivileges { object.set("noNewPrivileges", true) }
        object.set("apparmorProfile", apparmorProfile)
        object.set("oomScoreAdj", oomScoreAdj)
        object.set("selinuxLabel", selinuxLabel)
        object.set("scheduler", scheduler?.json)
        object.set("ioPriority", ioPriority?.json)
        object.set("execCPUAffinity", execCPUAffinity?.json)
        return object.value
    }
}

extension ConsoleSize {
    var json: JSONValue {
        var object = JSONObject()
        object.set("height", height)
        object.set("width", width)
        return object.value
    }
}

extension User {
    var json: JSONValue {
        var object = JSONObject()
        object.set("uid", uid)
        object.set("gid", gid)
        object.set("umask", umask)
        object.set("additionalGids", additionalGids) { .number($0) }
        return object.value
    }
}

extension Capabilities {
    var json: JSONValue {
        var object = JSONObject()
        object.set("bounding", bounding)
        object.set("effective", effective)
        object.set("inheritable", inheritable)
        object.set("permitted", permitted)
        object.set("ambient", ambient)
        return object.value
    }
}

extension Rlimit {
    var json: JSONValue {
        var object = JSONObject()
        object.set("type", type)
        object.set("hard", hard)
        object.set("soft", soft)
        return object.value
    }
}

extension Scheduler {
    var json: JSONValue {
        var object = JSONObject()
        object.set("policy", policy.rawValue)
        if nice != 0 { object.set("nice", nice) }
        if priority != 0 { object.set("priority", priority) }
        object.set("flags", flags) { .string($0.rawValue) }
        if runtime != 0 { object.set("runtime", runtime) }
        if deadline != 0 { object.set("deadline", deadline) }
        if period != 0 { object.set("period", period) }
        return object.value
    }
}

extension IOPriority {
    var json: JSONValue {
        var object = JSONObject()
        object.set("class", self.class.rawValue)
        object.set("priority", priority)
        return object.value
    }
}

extension ExecCPUAffinity {
    var json: JSONValue {
        var object = JSONObject()
        object.set("initial", initial)
        object.set("final", final)
        return object.value
    }
}
