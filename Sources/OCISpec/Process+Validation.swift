public import JSON

extension Process {
    /// Checks what the values mean. `path` is put before the path of a wrong value.
    ///
    /// - Throws: ``JSONError`` naming the first value that is not allowed.
    public func validate(at path: String = "") throws(JSONError) {
        try validateIDs(at: JSONError.path(path, "user"))
        try require(user.umask, in: 0...0o777, JSONError.path(JSONError.path(path, "user"), "umask"))
        try require(
            !(args.first ?? "").isEmpty, JSONError.path(path, "args"), "must begin with the name of a program"
        )
        for (index, variable) in env.enumerated() {
            let end = variable.utf8.firstIndex(of: UInt8(ascii: "="))
            try require(
                end != nil && end != variable.startIndex, "\(JSONError.path(path, "env"))[\(index)]",
                "'\(variable)' is not NAME=value")
        }
        try requireAbsolute(cwd, JSONError.path(path, "cwd"))
        if !rlimits.isEmpty { try validateRlimits(at: JSONError.path(path, "rlimits")) }
        try require(oomScoreAdj, in: -1000...1000, JSONError.path(path, "oomScoreAdj"))
        try scheduler?.validate(at: JSONError.path(path, "scheduler"))
        try require(
            ioPriority?.priority, in: 0...7, JSONError.path(JSONError.path(path, "ioPriority"), "priority"))
        try requireNodeList(
            execCPUAffinity?.initial, JSONError.path(JSONError.path(path, "execCPUAffinity"), "initial"))
        try requireNodeList(
            execCPUAffinity?.final, JSONError.path(JSONError.path(path, "execCPUAffinity"), "final"))
    }

    private func validateRlimits(at path: String) throws(JSONError) {
        for (index, limit) in rlimits.enumerated() {
            guard Rlimit.types.contains(limit.type) else {
                throw JSONError(
                    path: "\(path)[\(index)].type",
                    problem: .unknownValue(limit.type, allowed: Rlimit.types))
            }
            try require(
                !rlimits[..<index].contains { $0.type == limit.type }, "\(path)[\(index)].type",
                "'\(limit.type)' stands here a second time")
            try require(
                limit.soft <= limit.hard, "\(path)[\(index)].soft",
                "\(limit.soft) is more than the hard limit \(limit.hard)")
        }
    }
}

extension Rlimit {
    /// The limits getrlimit(2) knows.
    public static let types = [
        "RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS",
        "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_RSS",
        "RLIMIT_RTPRIO", "RLIMIT_RTTIME", "RLIMIT_SIGPENDING", "RLIMIT_STACK",
    ]
}

extension Scheduler {
    /// sched_setattr(2): each policy has its own members.
    func validate(at path: String) throws(JSONError) {
        try require(nice, in: -20...19, "\(path).nice")
        if policy == .fifo || policy == .roundRobin {
            try require(priority, in: 1...99, "\(path).priority")
        } else {
            try require(
                priority == 0, "\(path).priority",
                "is only for SCHED_FIFO and SCHED_RR, not \(policy.rawValue)")
        }
        guard policy == .deadline else {
            for (name, value) in [("runtime", runtime), ("deadline", deadline), ("period", period)] {
                try require(
                    value == 0, "\(path).\(name)", "is only for SCHED_DEADLINE, not \(policy.rawValue)")
            }
            return
        }
        try require(runtime > 0, "\(path).runtime", "must be greater than 0 for SCHED_DEADLINE")
        try require(
            deadline >= runtime && deadline <= UInt64(Int64.max), "\(path).deadline",
            "\(deadline) is out of range (allowed: the runtime \(runtime) to \(Int64.max))")
        try require(
            period == 0 || (period >= deadline && period <= UInt64(Int64.max)), "\(path).period",
            "\(period) is out of range (allowed: 0, or the deadline \(deadline) to \(Int64.max))")
    }
}

extension Process {
    /// The highest number is no id: setresuid(2) takes it for "leave what is", and the program would be root.
    fileprivate func validateIDs(at path: String) throws(JSONError) {
        let ids =
            [("uid", user.uid), ("gid", user.gid)]
            + user.additionalGids.enumerated().map { ("additionalGids[\($0)]", $1) }
        for (name, id) in ids where id == .max {
            throw JSONError(
                path: "\(path).\(name)", problem: .notAllowed("\(id) is no id (allowed: 0 to 4294967294)"))
        }
    }
}
