import ArgumentParser
import Engine
import Kernel

/// Runs a program in a container.
struct ExecCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Execute a command in a running container.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("detach")], help: "Run it in the background.")
    var detach = false
    @Flag(name: [.short, .customLong("interactive")], help: "Keep standard input open.")
    var interactive = false
    @Flag(name: [.short, .customLong("tty")], help: "Allocate a terminal.")
    var tty = false
    @Option(
        name: [.short, .customLong("env")], parsing: .unconditionalSingleValue,
        help: "Set a variable of the environment; a bare NAME takes over this shell's.")
    var env: [String] = []
    @Option(
        name: .customLong("env-file"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Read variables from a file.", valueName: "file"))
    var envFiles: [String] = []
    @Flag(help: "Give it all rights of the host.")
    var privileged = false
    @Option(help: ArgumentHelp("The keys which leave the program alone, with -it.", valueName: "keys"))
    var detachKeys = DetachKeys.standard
    @Option(name: [.short, .customLong("workdir")], help: "The directory to start in.")
    var workdir: String?
    @Option(name: [.short, .customLong("user")], help: "The user, and behind a colon the group.")
    var user: String?
    @Argument(help: "A name or an ID.")
    var container: String
    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.")
    var command: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var request = ExecRequest(command: command)
        let files = try envFiles.map { path throws(EngineError) in try optionFile(path) }
        request.environment = try environment(env, files: files, inherited: environmentVariable)
        request.isPrivileged = privileged
        request.workingDirectory = workdir
        request.user = user
        request.hasTerminal = tty
        request.keepsInputOpen = interactive
        request.isDetached = detach
        request.detachKeys = detachKeys
        do throws(EngineError) {
            switch try engine.container(container).execute(request) {
            case .exited(let code): return code
            case .detached:
                note("read escape sequence")
                return 0
            }
        } catch {
            report(error)
            return [.programNotFound, .notExecutable].contains(error.kind) ? error.kind.exitCode : failureCode
        }
    }
}

/// Connects to the streams of a container.
struct AttachCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Attach standard input, output and error to a running container.")

    @OptionGroup var places: Places
    @Flag(name: .customLong("no-stdin"), help: "Do not attach standard input.")
    var noInput = false
    @Option(help: "Forward signals to the container.")
    var sigProxy = true
    @Option(help: "The keys which end the attachment.")
    var detachKeys = DetachKeys.standard
    @Argument(help: "A name or an ID.")
    var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let container = try engine.container(container)
        let running: Running
        switch try container.state() {
        case .running(let live): running = live
        case .paused:
            throw EngineError("You cannot attach to a paused container, unpause it first", .conflict)
        case .restarting:
            throw EngineError(
                "You cannot attach to a restarting container, wait until it is running", .conflict)
        default: throw EngineError("You cannot attach to a stopped container, start it first", .conflict)
        }
        let options = AttachOptions(
            readsInput: container.record.keepsInputOpen && !noInput,
            hasTerminal: container.record.hasTerminal,
            proxiesSignals: sigProxy, detachKeys: detachKeys)
        let watch = EndWatch(container, running)
        var session = try container.attach(to: running, options)
        return try code(after: try session.run(), watch)
    }
}

/// Shows what a container has written.
struct LogsCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Fetch the logs of a container.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("follow")], help: "Go on as the log grows.")
    var follow = false
    @Option(name: [.customShort("n"), .customLong("tail")], help: "How many lines from the end of the log.")
    var tail = "all"
    @Flag(name: [.short, .customLong("timestamps")], help: "Show when each line was written.")
    var timestamps = false
    @Option(help: ArgumentHelp("Only lines since then.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only lines until then.", valueName: "time"))
    var until: String?
    @Argument(help: "A name or an ID.")
    var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var query = LogQuery()
        if tail != "all" {
            guard let count = Int(tail) else {
                throw EngineError("invalid value for --tail: \(tail)", .invalid)
            }
            query.last = count < 0 ? nil : count
        }
        if let since { query.since = try moment(since) }
        if let until { query.until = try moment(until) }
        query.follows = follow
        query.showsTimes = timestamps
        try engine.container(container).showLog(query)
        return 0
    }
}
