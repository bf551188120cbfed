internal import OCISpec

/// Where programs are looked for when the image does not say.
package let defaultSearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/// Where the host's init is in a container with `--init`.
private let initPath = "/sbin/docker-init"

extension Process {
    init(
        container record: ContainerRecord, _ facts: SpecFacts, _ security: SecurityOptions
    ) throws(EngineError) {
        self.init()
        guard !record.command.isEmpty else { throw EngineError("no command specified", .invalid) }
        terminal = record.hasTerminal
        if terminal, let size = facts.terminalSize {
            consoleSize = ConsoleSize(height: size.rows, width: size.columns)
        }
        args = record.command
        if record.hasInit { args = [initPath, "--"] + args }
        cwd = record.workingDirectory.isEmpty ? "/" : record.workingDirectory
        env = containerEnvironment(record, facts.identity)
        user.uid = facts.identity.uid
        user.gid = facts.identity.gid
        user.additionalGids = facts.identity.groups
        rlimits = try record.ulimits.map { (limit) throws(EngineError) in try Rlimit(limit) }
        noNewPrivileges = security.forbidsNewPrivileges
        apparmorProfile = security.apparmor
        oomScoreAdj = record.limits.oomScoreAdjustment.map { Int($0) }
        capabilities = try Capabilities(container: record, facts)
    }
}

extension Process {
    /// Has it run as somebody else than the container's user.
    ///
    /// `keepsHome`: whether `HOME` was asked for, and is not the one of a user.
    mutating func become(_ identity: ProcessIdentity, keepsHome: Bool) {
        user.uid = identity.uid
        user.gid = identity.gid
        user.additionalGids = identity.groups
        if !keepsHome {
            env = replacing(env, with: ["HOME=" + (identity.home.isEmpty ? "/" : identity.home)])
        }
        let granted = capabilities?.bounding ?? []
        let own = identity.uid == 0 ? granted : []
        capabilities?.permitted = own
        capabilities?.effective = own
    }

    /// Gives it rights beyond the container's.
    mutating func grant(_ rights: [String]) {
        var all = Capabilities()
        (all.bounding, all.permitted, all.effective) = (rights, rights, rights)
        capabilities = all
        noNewPrivileges = false
    }
}

/// The engine's own variables, then those of the image and those asked for, which replace them.
private func containerEnvironment(_ record: ContainerRecord, _ identity: ProcessIdentity) -> [String] {
    var variables = [defaultSearchPath]
    if !record.hostname.isEmpty { variables.append("HOSTNAME=\(record.hostname)") }
    if record.hasTerminal { variables.append("TERM=xterm") }
    variables = replacing(variables, with: record.environment)
    let home = identity.home.isEmpty ? "/" : identity.home
    if !variables.contains(where: { $0.hasPrefix("HOME=") }) { variables.append("HOME=\(home)") }
    return variables
}

/// Variables with those of `others`, which replace the ones of the same name.
package func replacing(_ variables: [String], with others: [String]) -> [String] {
    var result = variables
    for variable in others {
        let name = variable.prefix { $0 != "=" } + "="
        if let index = result.firstIndex(where: { $0.hasPrefix(name) }) {
            result[index] = variable
        } else {
            result.append(variable)
        }
    }
    return result
}

extension Capabilities {
    /// Whoever is root gets all that is granted; anybody else only what he becomes root with.
    fileprivate init(container record: ContainerRecord, _ facts: SpecFacts) throws(EngineError) {
        self.init()
        let granted = try containerCapabilities(record, facts)
        bounding = granted
        guard facts.identity.uid == 0 else { return }
        (permitted, effective) = (granted, granted)
    }
}

/// What the record's flags come to.
func containerCapabilities(
    _ record: ContainerRecord, _ facts: SpecFacts
) throws(EngineError) -> [String] {
    try grantedCapabilities(
        added: record.addedCapabilities, dropped: record.droppedCapabilities,
        isPrivileged: record.isPrivileged, available: facts.capabilities)
}

extension Rlimit {
    fileprivate init(_ limit: ContainerRecord.Ulimit) throws(EngineError) {
        guard Self.names.contains(limit.name) else {
            throw EngineError("invalid ulimit type: \(limit.name)", .invalid)
        }
        let value = { (number: Int64) in number < 0 ? UInt64.max : UInt64(number) }
        guard value(limit.soft) <= value(limit.hard) else {
            throw EngineError(
                "ulimit soft limit must be less than or equal to hard limit: \(limit.soft) > \(limit.hard)",
                .invalid)
        }
        self.init(
            type: "RLIMIT_" + limit.name.uppercased(), soft: value(limit.soft), hard: value(limit.hard))
    }

    private static let names = [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio", "rttime", "sigpending", "stack", "as",
    ]
}

/// The mount which brings the host's init into the container.
func initMount(_ facts: SpecFacts) throws(EngineError) -> Mount {
    guard let program = facts.initProgram else {
        throw EngineError(
            "--init: no init is installed on this machine (Debian's packages tini, catatonit)")
    }
    return Mount(initPath, "bind", program, ["bind", "ro", "nosuid", "nodev"])
}
