import CommandWords
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
    func process(in configuration: Configuration) throws(Failure) -> Process {
        let process: Process
        if let path = try arguments.path("process") {
            process = try readProcess(path)
        } else {
            process = try merged(configuration)
        }
        guard !process.args.isEmpty else { throw Failure("the process has no command (args)") }
        guard process.cwd.hasPrefix("/") else {
            throw Failure("the current directory '\(process.cwd)' is not an absolute path")
        }
        return process
    }

    private func merged(_ configuration: Configuration) throws(Failure) -> Process {
        guard var process = configuration.process else {
            throw Failure("process: the container was created without one")
        }
        process.args = Array(arguments.positionals.dropFirst())
        process.terminal = arguments.flag("tty")
        process.env += arguments.values("env")
        if let cwd = given("cwd") { process.cwd = cwd }
        if let profile = given("apparmor") { process.apparmorProfile = profile }
        if let label = given("process-label") { process.selinuxLabel = label }
        process.noNewPrivileges = arguments.choice("no-new-privs") ?? process.noNewPrivileges
        try setUser(&process.user)
        try addCapabilities(&process)
        return process
    }

    private func setUser(_ user: inout User) throws(Failure) {
        for text in arguments.values("additional-gids") {
            user.additionalGids.append(try number(UserSpecification(text)?.user, of: text, "additional-gids"))
        }
        guard let text = given("user") else { return }
        let wanted = UserSpecification(text)
        user.uid = try number(wanted?.user, of: text, "user")
        if let group = wanted?.group { user.gid = try number(group, of: text, "user") }
    }

    // CVE-2026-30892: `1x` or `-1` is nobody's number, and nothing is taken for the number in front of it.
    private func number(
        _ part: UserSpecification.Part?, of text: String, _ option: String
    ) throws(Failure) -> UInt32 {
        guard case .id(let number) = part else {
            throw Failure(
                "--\(option) needs numbers from 0 to 4294967294, not '\(text)'; names are not looked up")
        }
        return number
    }

    private func addCapabilities(_ process: inout Process) throws(Failure) {
        let added = arguments.values("cap")
        guard !added.isEmpty else { return }
        var sets = process.capabilities ?? Capabilities()
        for word in added {
            let name = word.uppercased().hasPrefix("CAP_") ? word.uppercased() : "CAP_" + word.uppercased()
            guard capabilityNames.contains(name) else { throw Failure("--cap: unknown capability '\(word)'") }
            sets.bounding.append(name)
            sets.effective.append(name)
            sets.permitted.append(name)
            // CVE-2022-29162: nothing is made inheritable here. Ambient ones must be inheritable already.
            if sets.inheritable.contains(name) { sets.ambient.append(name) }
        }
        process.capabilities = sets
    }

    /// The value of `name`; an empty one counts as absent, as callers of runc are used to.
    private func given(_ name: String) -> String? { arguments.value(name).flatMap { $0.isEmpty ? nil : $0 } }
}
