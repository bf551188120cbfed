internal import Kernel
internal import OCISpec
internal import Seccomp

/// What turns a process inside the container into the user's program; the same for `start` and `exec`.
struct ProcessSetup {
    let process: Process
    let capabilities: CapabilityPlan
    private(set) var seccomp: SeccompProgram?
    let personality: Personality?
    let memoryPolicy: MemoryPolicy?
    /// Numbers from 3 upwards the program inherits.
    let inheritedDescriptors: Int32
    let hasUserNamespace: Bool
    /// The container's filter is loaded already: from here on its profile decides which calls this process may make.
    private(set) var isFiltered = false
    /// Whether `process.cwd` is open to its user alone, who is not there yet.
    private var entersWorkingDirectoryLate = false
    /// Worked out by the runtime: /sys inside may be the image's.
    private let labels: SecurityLabels
    private(set) var environment: [String]
    private(set) var executable = ""

    init(
        _ process: Process, linux: Linux, seccomp: SeccompProgram?, inheritedDescriptors: Int32
    ) {
        self.process = process
        capabilities = CapabilityPlan(process.capabilities)
        self.seccomp = seccomp
        personality = linux.personality
        memoryPolicy = linux.memoryPolicy
        hasUserNamespace = linux.namespaces.contains { $0.type == .user }
        self.inheritedDescriptors = inheritedDescriptors
        environment = Self.lastValues(process.env)
        labels = SecurityLabels(process)
    }
}

extension ProcessSetup {
    /// Each variable once, in its first place with its last value: getenv(3) would find the first one.
    private static func lastValues(_ words: [String]) -> [String] {
        var kept: [String] = []
        for word in words {
            if let end = word.utf8.firstIndex(of: UInt8(ascii: "=")),
                let place = kept.firstIndex(where: { $0.utf8.starts(with: word.utf8[...end]) })
            {
                kept[place] = word
            } else {
                kept.append(word)
            }
        }
        return kept
    }

    /// Everything that needs rights and can fail early: the caller learns of it from `create`.
    ///
    /// Called inside the container's root, still as its root user.
    /// `keyring`: name of the session keyring to join; `nil` keeps the present one.
    mutating func prepare(_ proc: borrowing ProcHandle, keyring: String?) throws(RuntimeError) {
        try setLabels(proc, keyring: keyring)
        if let scheduler = process.scheduler { try apply(scheduler) }
        if let priority = process.ioPriority { try apply(priority) }
        if let personality { try apply(personality) }
        if let memoryPolicy { try apply(memoryPolicy) }
        _ = changeUmask(process.user.umask ?? 0o022)
        try RuntimeError.step("set the supplementary groups") { () throws(SystemError) in
            do throws(SystemError) {
                try setSupplementaryGroups(process.user.additionalGids)
            } catch {
                // A user namespace whose setgroups is `deny` keeps the groups it has. user_namespaces(7).
                if error.errno != .notPermitted || !process.user.additionalGids.isEmpty { throw error }
            }
        }
        addHome()
        try enterWorkingDirectory()
        guard let program = process.args.first else { return }  // see ``verifyProgram()``
        let path = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5)
        executable = try ExecutableSearch(uid: process.user.uid, gid: process.user.gid)
            .find(program, path: path.map(String.init))
    }

    /// Loads a filter that notifies, now and not later: the runtime must be there to hand the descriptor on.
    ///
    /// From here on the listener decides over this process's own calls, too.
    mutating func loadNotifyingFilter(_ sync: borrowing SyncChannel) throws(RuntimeError) {
        guard let program = seccomp, program.notifies else { return }
        if process.noNewPrivileges { try forbidNewPrivileges() }
        let listener = try RuntimeError.step("load the seccomp filter") { () throws(SystemError) in
            try loadSeccomp(program)
        }
        seccomp = nil
        isFiltered = true
        guard let listener else { return }
        try sync.ask(.notifies(descriptor: listener.rawValue))
    }

    private func forbidNewPrivileges() throws(RuntimeError) {
        try RuntimeError.step("set no_new_privs") { () throws(SystemError) in try setNoNewPrivileges() }
    }

    /// - Throws: ``RuntimeError`` where the document names no program, which only `start` needs. config.md, "process".
    func verifyProgram() throws(RuntimeError) {
        if process.args.isEmpty { throw .initFailed("process.args: missing; it names the program to start") }
    }

    /// Ends as the user's program. Throws only when that fails.
    func becomeProgram() throws(RuntimeError) -> Never {
        if process.noNewPrivileges {
            try forbidNewPrivileges()
        } else if let seccomp {
            // Without no_new_privs only a process with CAP_SYS_ADMIN may load a filter: now or never.
            try load(seccomp)
        }
        try switchUser()
        if entersWorkingDirectoryLate {
            try workingDirectory { () throws(SystemError) in try changeDirectory(process.cwd) }
        }
        try verifyWorkingDirectory()
        if process.noNewPrivileges, let seccomp { try load(seccomp) }
        try RuntimeError.step("exec \(process.args[0])") { () throws(SystemError) in
            try closeOnExecute(from: 3 + inheritedDescriptors)
            try execute(executable, arguments: process.args, environment: environment)
        }
        fatalError("exec returned")
    }

    private func load(_ program: SeccompProgram) throws(RuntimeError) {
        try RuntimeError.step("load the seccomp filter") { () throws(SystemError) in
            _ = try loadSeccomp(program)
        }
    }

    private func switchUser() throws(RuntimeError) {
        try RuntimeError.step("become user \(process.user.uid):\(process.user.gid)") {
            () throws(SystemError) in
            try dropBoundingSet(keeping: capabilities.bounding)
            try setKeepCapabilities(true)
            try setGroupID(process.user.gid)
            try setUserID(process.user.uid)
            try setKeepCapabilities(false)
        }
        try RuntimeError.step("set the capabilities") { () throws(SystemError) in
            try setCapabilities(
                effective: capabilities.effective, permitted: capabilities.permitted,
                inheritable: capabilities.inheritable)
            try setAmbient(capabilities.ambient)
        }
    }

    private mutating func addHome() {
        if environment.contains(where: { $0.hasPrefix("HOME=") }) { return }
        environment.append("HOME=\(ContainerUsers().home(of: process.user.uid) ?? "/")")
    }

    /// The labels of AppArmor and SELinux take effect at the next execve(2), which is the user's program.
    ///
    /// Written through a private procfs: the container's own /proc may be a trap (CVE-2019-16884, 2025-52881).
    private func setLabels(_ proc: borrowing ProcHandle, keyring: String?) throws(RuntimeError) {
        if let keyring {
            for write in labels.creationWrites() { try proc.write(write.text, to: write.file) }
            try joinKeyring(keyring, hasUserNamespace: hasUserNamespace)
            for write in labels.creationWrites(undo: true) { try proc.write(write.text, to: write.file) }
        }
        for write in try labels.writes() { try proc.write(write.text, to: write.file) }
    }

    /// Goes to `process.cwd`. For `create` it is there, ``RootfsBuilder/makeWorkingDirectory(_:)``.
    private mutating func enterWorkingDirectory() throws(RuntimeError) {
        do throws(SystemError) {
            try changeDirectory(process.cwd)
        } catch {
            entersWorkingDirectoryLate = error.errno == .accessDenied
            if entersWorkingDirectoryLate { return }
            try workingDirectory { () throws(SystemError) in throw error }
        }
        try verifyWorkingDirectory()
    }

    private func workingDirectory(_ body: () throws(SystemError) -> Void) throws(RuntimeError) {
        try RuntimeError.step("change to the working directory (process.cwd)", body)
    }

    // CVE-2024-21626: a cwd like /proc/self/fd/7 may lead out of the container through a descriptor of the host.
    private func verifyWorkingDirectory() throws(RuntimeError) {
        do throws(SystemError) {
            _ = try currentDirectory()
        } catch {
            throw .system(
                step: "use the working directory \(process.cwd) (process.cwd)",
                reason: "it is outside the container's root")
        }
    }
}
