import ArgumentParser
import Engine
import Kernel

/// Flags about the container's program.
struct ProcessFlags: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Keep standard input open even if not attached.")
    var interactive = false
    @Flag(name: .shortAndLong, help: "Give the container a terminal.")
    var tty = false
    @Option(
        name: [.customShort("e", allowingJoined: true), .customLong("env")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a variable; a bare NAME takes over this shell's.", valueName: "name=value"))
    var environment: [String] = []
    @Option(
        name: .customLong("env-file"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Read variables from a file.", valueName: "file"))
    var environmentFiles: [String] = []
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Replace the image's entrypoint.", valueName: "program"))
    var entrypoint: String?
    @Option(
        name: [.customShort("w", allowingJoined: true), .customLong("workdir")], parsing: .unconditional,
        help: ArgumentHelp("Working directory in the container.", valueName: "directory"))
    var workingDirectory: String?
    @Option(
        name: [.customShort("u", allowingJoined: true), .long], parsing: .unconditional,
        help: ArgumentHelp("Name or number of the user.", valueName: "name|uid[:group|gid]"))
    var user: String?
    @Option(
        name: .customLong("group-add"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Add a further group.", valueName: "group"))
    var groups: [String] = []
    @Option(
        name: .customLong("stop-signal"),
        help: ArgumentHelp("Signal that stops the container.", valueName: "signal"))
    var stopSignal: String?
    @Option(
        name: .customLong("stop-timeout"), parsing: .unconditional,
        help: ArgumentHelp("Seconds until a container that does not stop is killed.", valueName: "seconds"))
    var stopTimeout: Int?
    @Flag(name: .customLong("init"), help: "Run an init which forwards signals and reaps processes.")
    var hasInit = false
    @Option(
        name: [.customShort("a", allowingJoined: true), .customLong("attach")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Attach only some streams, once for each; without any, the container's ID is printed.",
            valueName: "stdin|stdout|stderr"))
    var attached: [String] = []
    @Option(
        name: .customLong("detach-keys"),
        help: ArgumentHelp("The keys which end the attachment.", valueName: "keys"))
    var detachKeys: String?

    func fill(_ record: inout ContainerRecord) throws(EngineError) {
        try checkStreams()
        record.keepsInputOpen = interactive
        record.hasTerminal = tty
        var files: [(name: String, text: String)] = []
        for path in environmentFiles { files.append(try optionFile(path)) }
        record.environment = try Engine.environment(
            environment, files: files, inherited: environmentVariable)
        if let workingDirectory {
            guard workingDirectory.hasPrefix("/") else {
                throw EngineError(
                    "the working directory '\(workingDirectory)' is invalid, it needs to be an absolute path",
                    .invalid)
            }
            record.workingDirectory = workingDirectory
        }
        record.user = user ?? ""
        record.groups = groups
        record.stopSignal = stopSignal ?? ""
        record.stopTimeout = stopTimeout
        record.hasInit = hasInit
    }

    /// The streams of `container` which `run` carries: standard output and error, and with `-i` the input, unless `-a` says which.
    func streams(of container: Container, proxiesSignals: Bool) throws(EngineError) -> AttachOptions {
        let chosen = Set(attached.map { $0.lowercased() })
        var options = AttachOptions(
            readsInput: interactive && (chosen.isEmpty || chosen.contains("stdin")), hasTerminal: tty,
            proxiesSignals: proxiesSignals, detachKeys: detachKeys ?? DetachKeys.standard)
        options.showsOutput = chosen.isEmpty || chosen.contains("stdout")
        options.showsErrors = chosen.isEmpty || chosen.contains("stderr")
        return options
    }

    private func checkStreams() throws(EngineError) {
        for stream in attached where !["stdin", "stdout", "stderr"].contains(stream.lowercased()) {
            throw EngineError(
                "invalid argument \"\(stream)\" for --attach: valid streams are STDIN, STDOUT and STDERR",
                .invalid)
        }
        _ = try detachKeys.map { keys throws(EngineError) in try DetachKeys(keys) }
    }
}
