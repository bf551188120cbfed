import CommandWords
import Kernel
import NetdClient

/// Version of the program.
let programVersion = "0.1.0"

/// What the help and errors call the program.
let programName = "apus-netd"

/// The program: from the words of the command line to an exit code.
struct CommandLineTool {
    /// The words behind the program's name.
    let words: [String]

    func run() -> Int32 {
        do throws(Failure) { return try answer() } catch {
            printError("\(programName): \(error.message)\n")
            return error.code
        }
    }

    private static let options: [Option] = [
        .flag("daemon", short: "d", "go on in the background; ends when the daemon answers"),
        .flag("foreground", "stay, and write the log to standard error (default)"),
        .value("run", "run directory: records, socket, lock and log (\(NetdPaths.usual))"),
        .value(
            "overlay",
            "the cluster this node belongs to (\(NetdPaths.clusterFile), and without that this host alone)"),
        .helpFlag,
        .flag("version", short: "v", "print the version"),
    ]

    private func answer() throws(Failure) -> Int32 {
        let arguments = try Arguments(
            words, options: Self.options, command: programName, passesRestOn: false)
        if arguments.flag("version") { return try printed("\(programName) version \(programVersion)\n") }
        if arguments.asksForHelp { return try printed(Self.help) }
        if let word = arguments.positionals.first { throw arguments.usage("unexpected argument '\(word)'") }
        let isDaemon = arguments.flag("daemon")
        if isDaemon, arguments.flag("foreground") {
            throw arguments.usage("--daemon and --foreground exclude each other")
        }
        guard effectiveUserID() == 0 else {
            throw Failure("needs root: it opens sockets in containers' network namespaces")
        }
        let paths = NetdPaths(run: try absolute(arguments.value("run") ?? NetdPaths.usual))
        try system("make \(paths.run)") { () throws(SystemError) in
            try makeDirectories(paths.run, mode: 0o755)
        }
        let settings = SettingsFile(path: try absolute(arguments.value("overlay") ?? Self.usualSettings))
        try check(settings)
        if isDaemon { return try startInBackground(paths, overlay: settings) }
        guard let service = try Service(paths, overlay: settings, .foreground) else { return 0 }
        return try service.run()
    }

    private static var usualSettings: String {
        let named = environmentVariable("APUS_OVERLAY") ?? ""
        return named.isEmpty ? NetdPaths.clusterFile : named
    }

    /// Who has named a file is told at once what is wrong with it.
    private func check(_ settings: SettingsFile) throws(Failure) {
        guard !settings.isUsual else { return }
        do throws(NetdRefusal) { _ = try settings.decode(try settings.read()) } catch {
            throw Failure(error.message)
        }
    }

    /// The daemon's current directory is another one.
    private func absolute(_ path: String) throws(Failure) -> String {
        if path.hasPrefix("/") { return path }
        let here = try system("find the current directory") { () throws(SystemError) in try currentDirectory()
        }
        return "\(here)/\(path)"
    }

    private func printed(_ text: String) throws(Failure) -> Int32 {
        try printOut(text)
        return 0
    }

    private static var help: String {
        """
        NAME:
           \(programName) - answers containers' questions for names, and holds their published ports

        It is started by whoever needs it (the plugin dns, apus), one for each run directory. What it serves stands in
        files: dns/*.json and ports/*.json of the run directory. It may be ended and started again at any time.

        USAGE:
           \(programName) [options]

        VERSION:
           \(programVersion)

        OPTIONS:
        \(optionTable(options))
        SIGNALS:
           SIGTERM and SIGINT end it. Names and ports are served again as soon as it is back.
           SIGHUP changes nothing in the background: records and overlay.json are read when they are needed.

        """
    }
}
