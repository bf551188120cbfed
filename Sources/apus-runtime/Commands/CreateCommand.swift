import CommandWords
import Kernel
import Runtime

/// `create ID`: makes a container and leaves it waiting for `start`. OCI runtime-spec, runtime.md, "Create".
struct CreateCommand: Command {
    static var verb: Verb {
        Verb(
            "create", "create a container", options: CreationRequest.options,
            details: """
                Makes a container of the bundle, a directory with "config.json" and a root file system. Its
                program does not run before "start".
                """)
    }

    private let request: CreationRequest

    init(_ arguments: Arguments) throws(Failure) { request = try CreationRequest(arguments) }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try surroundings.globals.prepareCreation()
        try operation { () throws(RuntimeError) in try surroundings.runtime.create(request.options) }
        return 0
    }
}

/// What `create` and `run` both take.
struct CreationRequest {
    static var options: [Option] {
        [
            .value("bundle", short: "b", "path of the bundle (default: the current directory)"),
            .value("config", short: "f", "configuration file (default: \"config.json\" in the bundle)"),
            .value("console-socket", "AF_UNIX socket that receives the master end of the terminal"),
            .value("pidfd-socket", "AF_UNIX socket that receives a pidfd of the container's first process"),
            .value("pid-file", "file to write the process id to"),
            .flag("no-pivot", "use MS_MOVE and chroot instead of pivot_root, for a root on a ramdisk"),
            .flag("no-new-keyring", "leave the container in the caller's session keyring"),
            .value("preserve-fds", "pass N more descriptors, from 3 (after $LISTEN_FDS) (default: 0)"),
        ]
    }

    let options: CreateOptions

    init(_ arguments: Arguments) throws(Failure) {
        var options = try CreateOptions(
            id: arguments.positionals[0], bundle: absolute(arguments.value("bundle") ?? ""))
        options.configurationPath = try arguments.path("config")
        options.consoleSocket = try arguments.path("console-socket")
        options.pidfdSocket = try arguments.path("pidfd-socket")
        options.pidFile = try arguments.path("pid-file")
        options.noPivot = arguments.flag("no-pivot")
        options.noNewKeyring = arguments.flag("no-new-keyring")
        options.preservedDescriptors = try arguments.parsed("preserve-fds", "a number", natural) ?? 0
        options.serviceManager = serviceManager()
        self.options = options
    }
}

/// What this process was handed for the container it makes or starts.
func serviceManager() -> ServiceManager {
    ServiceManager(processID: processID(), variable: environmentVariable)
}

extension Arguments {
    /// The value of `name` as an absolute path; `nil` when it is absent or empty.
    func path(_ name: String) throws(Failure) -> String? {
        guard let given = value(name), !given.isEmpty else { return nil }
        return try absolute(given)
    }
}
