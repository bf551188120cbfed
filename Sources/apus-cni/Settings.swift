import CNIHost
import CommandWords
import Kernel

/// What options and variables say: an option counts before a variable, and one behind the command before one in front of it.
struct Settings {
    let directory: ConfigurationDirectory
    let host: PluginHost
    /// Whether answers and errors are JSON on standard output.
    let answersJSON: Bool
    private let arguments: Arguments
    private let globals: Arguments

    /// What every command takes.
    static var commonOptions: [Option] {
        [
            .value("conf-dir", "where the networks are (default: $NETCONFPATH, or \(defaultDirectory))"),
            .list(
                "plugin-dir",
                "where plugins are, several with ':' or by giving it again (default: $CNI_PATH, or \(defaultPath))"
            ),
            .value("cache-dir", "where attachments are remembered (default: /var/lib/cni)"),
            .value("timeout", "how long a plugin may take, 0 for ever (default: 2m)"),
            .flag("json", "answers, and errors, too, as JSON on standard output"),
        ]
    }

    /// What the commands for one attachment take.
    static var attachmentOptions: [Option] {
        [
            .value(
                "ifname", short: "i", "the interface's name in the container (default: $CNI_IFNAME, or eth0)"),
            .value("container-id", "the container's name (default: made from NETNS, as cnitool does)"),
            .value("args", "arguments for plugins, NAME=VALUE;... (default: $CNI_ARGS)"),
            .value(
                "cap-args", "capability arguments for plugins, a JSON object or @FILE (default: $CAP_ARGS)"),
        ]
    }

    static var options: [Option] { commonOptions + attachmentOptions }

    /// Milliseconds.
    private static let standardTimeout: Int32 = 120_000
    private static let defaultDirectory = "/etc/cni/net.d"
    private static let defaultPath = "/opt/cni/bin:/usr/lib/cni:/usr/libexec/cni"

    init(_ arguments: Arguments, _ globals: Arguments) throws(Failure) {
        self.arguments = arguments
        self.globals = globals
        answersJSON = arguments.choice("json") ?? globals.flag("json")
        func value(_ name: String, _ variable: String, _ standard: String) -> String {
            let given = arguments.value(name) ?? globals.value(name) ?? environmentVariable(variable)
            return given.flatMap { $0.isEmpty ? nil : $0 } ?? standard
        }
        directory = ConfigurationDirectory(value("conf-dir", "NETCONFPATH", Self.defaultDirectory))
        let folders = arguments.values("plugin-dir") + globals.values("plugin-dir")
        let path =
            folders.isEmpty
            ? value("plugin-dir", "CNI_PATH", Self.defaultPath) : folders.joined(separator: ":")
        let interruption = try system("collect signals") { () throws(SystemError) in try Interruption() }
        var limit = try Self.timeout(arguments)
        if limit == nil { limit = try Self.timeout(globals) }
        host = PluginHost(
            directories: path.split(separator: ":").map(String.init),
            cache: AttachmentCache(value("cache-dir", "", "/var/lib/cni")),
            timeout: limit == 0 ? nil : limit ?? Self.standardTimeout,
            interruption: interruption)
    }

    private static func timeout(_ arguments: Arguments) throws(Failure) -> Int32? {
        try arguments.parsed("timeout", "a time like 30s or 2m") { (text) -> Int32? in
            milliseconds(text).flatMap { Int32(exactly: $0) }
        }
    }

    /// The value of an option of an attachment, or of its variable; empty when there is none.
    private func value(_ name: String, _ variable: String) -> String {
        arguments.value(name) ?? globals.value(name) ?? environmentVariable(variable) ?? ""
    }

    /// The attachment the options and `namespace` describe. The path may be empty, as one that has gone, where the
    /// container has a name of its own.
    func parameters(_ namespace: String) throws(Failure) -> AttachmentParameters {
        let id = value("container-id", "")
        guard !namespace.isEmpty || !id.isEmpty else {
            throw Failure("NETNS is empty, and there is no --container-id")
        }
        let path = namespace.isEmpty ? "" : try absolutePath(namespace)
        let interface = value("ifname", "CNI_IFNAME")
        let capabilities = try text(value("cap-args", "CAP_ARGS"))
        return AttachmentParameters(
            containerID: id.isEmpty ? AttachmentParameters.containerID(ofNamespace: path) : id,
            interface: interface.isEmpty ? "eth0" : interface, namespace: path,
            arguments: try tell { () throws(HostError) in
                try AttachmentParameters.arguments(value("args", "CNI_ARGS"))
            },
            capabilities: try tell { () throws(HostError) in
                try AttachmentParameters.capabilities(capabilities)
            })
    }

    /// The text of a value, or of the file it names by `@`: the kernel takes 128 KiB in one word.
    private func text(_ value: String) throws(Failure) -> String {
        guard value.hasPrefix("@") else { return value }
        return try system("read the capability arguments") { () throws(SystemError) in
            try readText(String(value.dropFirst()))
        }
    }
}

/// `path` from the root on, without `.`, `..` and empty parts; nothing on the disk is looked at. Go's `filepath.Abs`.
func absolutePath(_ path: String) throws(Failure) -> String {
    let whole =
        path.hasPrefix("/")
        ? path
        : try system("find the current directory") { () throws(SystemError) in try currentDirectory() } + "/"
            + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
        if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
}
