import CommandWords
import OCISpec
import Runtime

/// `exec ID COMMAND...`: runs one more process in a container.
struct ExecCommand: Command {
    static var verb: Verb {
        Verb(
            "exec", "run one more process inside a container",
            usage: "<container-id> <command> [argument...] || -p process.json <container-id>",
            positionals: 1...Int.max,
            options: ProcessRequest.options + [
                .value("console-socket", "AF_UNIX socket that receives the master end of the terminal"),
                .value("pidfd-socket", "AF_UNIX socket that receives a pidfd of the process"),
                .flag("detach", short: "d", "do not wait for the process"),
                .value("pid-file", "file to write the process id to"),
                .value("preserve-fds", "pass N more descriptors, from 3 (default: 0)"),
                .list("cgroup", "run in a sub-cgroup that exists: [<controller>[,...]:]<path>"),
                .flag("ignore-paused", "allow a paused container"),
                .flag("no-subreaper", ""),
            ],
            passesRestOn: true,
            details: """
                What follows the container's ID is the command; options stand before the ID. The exit code is
                the command's own, 128 and the number of the signal that ended it, or 255 when it did not start.
                """)
    }

    private let id: String
    private let arguments: Arguments
    private let preservedDescriptors: Int32

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        id = arguments.positionals[0]
        preservedDescriptors = try arguments.parsed("preserve-fds", "a number", natural) ?? 0
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        let runtime = surroundings.runtime
        do throws(Failure) {
            return try exec(options(runtime), runtime)
        } catch {
            // runc's code for a process that did not start, so that it is told from the process's own 1.
            throw Failure("exec failed: \(error.message)", code: 255)
        }
    }

    private func exec(_ options: ExecOptions, _ runtime: ContainerRuntime) throws(Failure) -> Int32 {
        do throws(RuntimeError) { return try runtime.exec(options) } catch {
            if case .notPermitted(_, _, .paused) = error {
                throw Failure("\(error) (resume it, or give --ignore-paused)")
            }
            throw Failure(error.description)
        }
    }

    private func options(_ runtime: ContainerRuntime) throws(Failure) -> ExecOptions {
        let configuration = try operation { () throws(RuntimeError) in try runtime.configuration(of: id) }
        let process = try ProcessRequest(arguments).process(in: configuration)
        var options = ExecOptions(id: id, process: process, configuration: configuration)
        options.consoleSocket = try arguments.path("console-socket")
        options.pidfdSocket = try arguments.path("pidfd-socket")
        options.pidFile = try arguments.path("pid-file")
        options.detach = arguments.flag("detach")
        options.preservedDescriptors = preservedDescriptors
        options.cgroups = try subCgroups(arguments)
        options.ignorePaused = arguments.flag("ignore-paused")
        options.noSubreaper = arguments.flag("no-subreaper")
        return options
    }
}

/// The values of `--cgroup`: one path for all controllers, or a path for each controller that is named.
private func subCgroups(_ arguments: Arguments) throws(Failure) -> [(controller: String, path: String)] {
    let values = arguments.values("cgroup")
    var found: [(controller: String, path: String)] = []
    for value in values {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            guard parts.count == 1, values.count == 1 else {
                throw arguments.usage("--cgroup '\(value)' is not <controller>[,...]:<path>")
            }
            return [("", value)]
        }
        for controller in parts[0].split(separator: ",", omittingEmptySubsequences: false) {
            if found.contains(where: { $0.controller == controller }) {
                throw arguments.usage("--cgroup names the controller '\(controller)' twice")
            }
            found.append((String(controller), String(parts[1])))
        }
    }
    return found
}
