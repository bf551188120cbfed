extension ContainerRecord.Namespaces {
    /// Reads what stands behind `--pid`, `--ipc`, `--uts` and `--cgroupns`; containers stay as they were typed.
    package init(
        pid: String?, ipc: String?, uts: String?, cgroup: String?
    ) throws(EngineError) {
        self.init()
        self.pid = try Self.mode(pid, ["host"], canJoin: true, "--pid: invalid PID mode")
        self.ipc = try Self.mode(
            ipc, ["none", "private", "shareable", "host"], canJoin: true, "--ipc: invalid IPC mode")
        self.uts = try Self.mode(uts, ["host"], canJoin: false, "--uts: invalid UTS mode")
        self.cgroup = try Self.mode(
            cgroup, ["host", "private"], canJoin: false, "--cgroupns: invalid CGROUP mode")
    }

    private static func mode(
        _ text: String?, _ allowed: [String], canJoin: Bool, _ wrong: String
    ) throws(EngineError) -> String {
        guard let text, !text.isEmpty else { return "" }
        let isOther = canJoin && text.hasPrefix("container:") && text != "container:"
        guard isOther || allowed.contains(text) else {
            let all = allowed + (canJoin ? ["container:NAME"] : [])
            throw EngineError("\(wrong) \"\(text)\" (there are: \(all.joined(separator: ", ")))", .invalid)
        }
        return text
    }
}
