import Kernel
import OCISpec
import Runtime

/// The process `exec` is asked for: out of a file, or the container's own with what the options change.
struct ProcessRequest {
    static var options: [Option] {
        [
            .value("cwd", "current directory inside the container"),
            .list("env", short: "e", "set an environment variable (NAME=value)"),
            .flag("tty", short: "t", "allocate a terminal"),
            .value("user", short: "u", "user to run as, in numbers: <uid>[:<gid>]"),
            .list("additional-gids", short: "g", "add a supplementary group"),
            .value(
                "process", short: "p",
                "file with the process as JSON; other process options then do not count"),
            .value("process-label", "SELinux label of the process"),
            .value("apparmor", "AppArmor profile of the process"),
            .flag("no-new-privs", "set no_new_privs"),
            .list("cap", short: "c", "add a capability"),
        ]
    }

    private let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// The whole process, checked as config.md wants it.
    func process(in id: String, _ runtime: ContainerRuntime) throws(Failure) -> Process {
        var process: Process
        if let path = try arguments.path("process") {
            process = try readProcess(path)
        } else {
            process = try merged(id, runtime)
        }
        guard !process.args.isEmpty else { throw Failure("the process has no command (args)") }
        guard process.cwd.hasPrefix("/") else {
            throw Failure("the current directory '\(process.cwd)' is not an absolute path")
        }
        // CVE-2022-29162: an added process never gains inheritable capabilities.
        process.capabilities?.inheritable = []
        return process
    }

    private func merged(_ id: String, _ runtime: ContainerRuntime) throws(Failure) -> Process {
        var process = try operation { () throws(RuntimeError) in try runtime.defaultProcess(id) }
        process.args = Array(arguments.positionals.dropFirst())
        process.terminal = arguments.flag("tty")
        process.env += arguments.values("env")
        if let cwd = given("cwd") { process.cwd = cwd }
        if let profile = given("apparmor") { process.apparmorProfile = profile }
        if let label = given("process-label") { process.selinuxLabel = label }
        process.noNewPrivileges = arguments.choice("no-new-privs") ?? process.noNewPrivileges
        try setUser(&process.user)
        addCapabilities(&process)
        return process
    }

    private func setUser(_ user: inout User) throws(Failure) {
        for text in arguments.values("additional-gids") {
            user.additionalGids.append(try number(text, "additional-gids"))
        }
        guard let text = given("user") else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user.uid = try number(String(parts[0]), "user")
        if parts.count > 1 { user.gid = try number(String(parts[1]), "user") }
    }

    private func addCapabilities(_ process: inout Process) {
        let added = arguments.values("cap")
        guard !added.isEmpty else { return }
        var sets = process.capabilities ?? Capabilities()
        // Ambient ones need inheritable ones, which stay empty here.
        sets.bounding += added
        sets.effective += added
        sets.permitted += added
        process.capabilities = sets
    }

    /// The value of `name`; an empty one counts as absent, as callers of runc are used to.
    private func given(_ name: String) -> String? { arguments.value(name).flatMap { $0.isEmpty ? nil : $0 } }

    // CVE-2026-30892: digits only, and the whole of the text, so that "1x" or "-1" is nobody's id.
    private func number(_ text: String, _ option: String) throws(Failure) -> UInt32 {
        guard let number: UInt32 = natural(text), number != UInt32.max else {
            throw Failure("--\(option): '\(text)' is no user or group number; names are not looked up")
        }
        return number
    }
}
