import CommandWords
import Kernel

/// What the options before the command say.
struct Globals {
    /// Absolute path of the state directory.
    let root: String
    /// Whether ``root`` is the default one below `XDG_RUNTIME_DIR`.
    private let rootIsUsers: Bool
    /// A path, or another place as ``LogSink`` reads it; `nil` is standard error.
    let logPlace: String?
    let logFormat: Log.Format
    let logLevel: Log.Level
    let systemdCgroup: Bool
    let asksForHelp: Bool
    let asksForVersion: Bool
    /// The command and its words.
    let rest: [String]

    static var options: [Option] {
        [
            .flag("debug", "enable debug logging"),
            .value("log", "log file, or 'journald:NAME' or 'syslog:NAME' (default: standard error)"),
            .value("log-format", "set the log format ('text' or 'json') (default: \"text\")"),
            .value(
                "log-level",
                "set the log level ('error', 'warning', 'info' or 'debug') (default: \"warning\")"),
            .value(
                "root", "directory for the state of containers, on a tmpfs (default: \"/run/apus-runtime\")"),
            .flag("systemd-cgroup", "accepted for callers that ask; only the cgroupfs manager is supported"),
            .value("cgroup-manager", "cgroup manager; only 'cgroupfs' is supported (default: \"cgroupfs\")"),
            .value(
                "rootless", "ignore cgroup permission errors ('true', 'false' or 'auto') (default: \"auto\")"),
            .value("criu", ""),
            .helpFlag,
            .flag("version", short: "v", "print the version"),
        ]
    }

    init(_ words: [String]) throws(Failure) {
        let arguments = try Arguments(words, options: Self.options, command: programName, passesRestOn: true)
        (root, rootIsUsers) = try stateRoot(arguments.value("root"))
        logPlace = arguments.value("log").flatMap { $0.isEmpty || $0 == "/dev/stderr" ? nil : $0 }
        logFormat = try arguments.parsed("log-format", "'text' or 'json'") { .init(rawValue: $0) } ?? .text
        let level = try arguments.parsed("log-level", "error, warning, info or debug", Log.Level.init(word:))
        logLevel = arguments.flag("debug") ? .debug : level ?? .warning
        systemdCgroup = arguments.flag("systemd-cgroup")
        asksForHelp = arguments.asksForHelp
        asksForVersion = arguments.flag("version")
        rest = arguments.positionals
        _ = try arguments.parsed("rootless", "'true', 'false' or 'auto'") {
            ["true", "false", "auto"].contains($0) ? $0 : nil
        }
        try checkManager(arguments.value("cgroup-manager"))
    }

    private func checkManager(_ name: String?) throws(Failure) {
        guard let name, name != "cgroupfs" else { return }
        throw Failure("the cgroup manager '\(name)' is not supported; use --cgroup-manager=cgroupfs")
    }

    /// Gets ready for a new container: refuses what cannot be, and makes a state directory that lasts.
    func prepareCreation() throws(Failure) {
        try refuseSystemdCgroup()
        guard rootIsUsers else { return }
        // XDG Base Directory Specification: without the sticky bit what lies there for hours may be removed.
        try system("make the state directory") { () throws(SystemError) in
            try makeDirectories(root, mode: 0o700)
            try FileDescriptor.open(root, .directory).changeMode(0o1700)
        }
    }

    private func refuseSystemdCgroup() throws(Failure) {
        guard systemdCgroup else { return }
        throw Failure(
            "--systemd-cgroup is not supported; use the cgroupfs manager (podman --cgroup-manager=cgroupfs, "
                + "containerd SystemdCgroup = false, dockerd --exec-opt native.cgroupdriver=cgroupfs)")
    }
}

extension Log.Level {
    /// The words logrus takes, and what lies beyond this program's four levels counted to the nearest.
    init?(word: String) {
        switch word.lowercased() {
        case "panic", "fatal", "error": self = .error
        case "warn", "warning": self = .warning
        case "info": self = .info
        case "debug", "trace": self = .debug
        default: return nil
        }
    }
}
