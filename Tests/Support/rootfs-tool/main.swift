import Cgroups
import JSON
import Kernel
import OCISpec
import Runtime

// Builds the rootfs of a bundle in new namespaces and runs the bundle's program in it: what the runtime does,
// without state, cgroups and confinement.
//
//     rootfs-tool BUNDLE [--no-pivot] [--cgroup CONTROLLER=PATH]... [--write FILE=TEXT] [--PHASE COMMAND]...
//
// FILE is one of the process's own in procfs, written at the end as the runtime writes labels.
// COMMAND is a shell line, run in the container's namespaces before PHASE: mounts, devices, pivot, finish.

struct Failure: Error, CustomStringConvertible {
    let description: String
}

struct Tool {
    var bundle = ""
    var noPivot = false
    var cgroups: [String: String] = [:]
    var commands: [String: String] = [:]
    var write: (file: String, text: String)?

    init(_ words: [String]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--no-pivot": noPivot = true
            case "--cgroup":
                let parts = (rest.popFirst() ?? "").split(separator: "=", maxSplits: 1)
                guard let path = parts.last else { throw Failure(description: "--cgroup needs a value") }
                cgroups[parts.count == 1 ? "" : String(parts[0]).replacingColon()] = String(path)
            case "--write":
                let parts = (rest.popFirst() ?? "").split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { throw Failure(description: "--write needs FILE=TEXT") }
                write = (String(parts[0]), String(parts[1]))
            case _ where word.hasPrefix("--"): commands[String(word.dropFirst(2))] = rest.popFirst()
            default: bundle = word
            }
        }
    }

    func run() throws -> Int32 {
        let bytes = try readFile("\(bundle)/config.json")
        let configuration = try Configuration(decoding: JSONReader(JSONValue(parsing: bytes)))
        let plan = try RootfsPlan(configuration: configuration, bundle: bundle, noPivot: noPivot)
        let facts = CgroupMountFacts(
            try CgroupLayout.detect(), Cgroup(saved: cgroups),
            hasNamespace: configuration.linux.namespaces.contains { $0.type == .cgroup })
        let host = try HostMounts(plan)
        let ready = try Pipe()
        var kinds: NamespaceSet = []
        for namespace in configuration.linux.namespaces where namespace.path == nil {
            kinds.formUnion(set(namespace.type))
        }
        switch try cloneProcess(kinds) {
        case .child:
            do {
                _ = try ready.reader.read(upTo: 1)
                try become(configuration, plan, facts, host)
            } catch {
                try? FileDescriptor(owning: 2).write("rootfs-tool: \(error)\n")
                exitNow(125)
            }
        case .parent(let pid, _):
            for device in configuration.linux.netDevices { try moveNetDevice(device, toNamespaceOf: pid) }
            if kinds.contains(.user) { try writeMaps(configuration.linux, pid) }
            try ready.writer.write("x")
            return try waitForExit(pid).code
        }
    }

    private func become(
        _ configuration: Configuration, _ plan: RootfsPlan, _ facts: CgroupMountFacts,
        _ host: consuming HostMounts
    ) throws -> Never {
        if plan.userNamespace != nil {
            try setGroupID(0)
            try setUserID(0)
        }
        let proc = try ProcHandle.open()
        var builder = try RootfsBuilder(plan, host)
        try command("mounts")
        try builder.mountAll(cgroups: facts)
        try command("devices")
        try builder.makeDevices()
        try command("pivot")
        try builder.pivot()
        if configuration.process?.terminal == true {
            let master = try TerminalMaster(multiplexer: "/dev/pts/ptmx")
            let peer = try master.openPeer()
            try builder.mountConsole(peer)
        }
        try proc.applySysctls(configuration.linux.sysctl)
        try command("finish")
        try builder.finish()
        if let write { try proc.write(write.text, to: write.file) }
        let words = configuration.process?.args ?? []
        try execute(words.first ?? "", arguments: words, environment: ["PATH=/bin"])
    }

    private func command(_ phase: String) throws {
        guard let text = commands[phase] else { return }
        let result = try Program(
            path: "/bin/sh", arguments: ["sh", "-c", text], environment: environmentWords()
        )
        .run()
        guard result.status == .exited(0) else {
            throw Failure(description: "--\(phase): \(result.errorText)")
        }
    }

    private func writeMaps(_ linux: Linux, _ pid: Int32) throws {
        let text: ([IDMapping]) -> String = {
            $0.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
        }
        try writeFile("/proc/\(pid)/uid_map", text(linux.uidMappings))
        try writeFile("/proc/\(pid)/gid_map", text(linux.gidMappings))
    }

    private func set(_ kind: Namespace.Kind) -> NamespaceSet {
        switch kind {
        case .pid: .pid
        case .network: .network
        case .mount: .mount
        case .ipc: .ipc
        case .uts: .uts
        case .user: .user
        case .cgroup: .cgroup
        case .time: []
        }
    }
}

extension String {
    /// `name:systemd` on the command line is the controller `name=systemd`.
    fileprivate func replacingColon() -> String { String(map { $0 == ":" ? "=" : $0 }) }
}

do {
    exitNow(try Tool(Array(CommandLine.arguments.dropFirst())).run())
} catch {
    try? FileDescriptor(owning: 2).write("rootfs-tool: \(error)\n")
    exitNow(125)
}
