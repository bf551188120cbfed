import ArgumentParser
import Engine
import Kernel

/// Where the engine's files are.
struct Places: ParsableArguments {
    @Option(help: ArgumentHelp("What survives a reboot ($APUS_ROOT).", visibility: .hidden))
    var root: String?

    @Option(help: ArgumentHelp("What does not ($APUS_RUN).", visibility: .hidden))
    var run: String?
}

extension Places {
    /// The engine on these places, else on those of the environment, else on the usual ones.
    func engine() throws(EngineError) -> ContainerEngine {
        let environment = Environment(words: environmentWords())
        return try makeEngine(
            on: EnginePaths(
                root: root ?? environment["APUS_ROOT"] ?? "/var/lib/apus",
                run: run ?? environment["APUS_RUN"] ?? "/run/apus"), environment)
    }
}

/// The engine as this program makes it.
func makeEngine(
    on paths: EnginePaths, _ environment: Environment = Environment(words: environmentWords())
) throws(EngineError) -> ContainerEngine {
    guard let program = try? readLink("/proc/self/exe") else {
        throw EngineError("cannot find out where this program is: /proc is not mounted")
    }
    guard effectiveUserID() == 0 else {
        throw EngineError("apus needs root: try it with sudo")
    }
    return ContainerEngine(
        paths: paths, environment: environment, program: program,
        defaultRuntime: environment["APUS_RUNTIME"] ?? "apus-runtime")
}
