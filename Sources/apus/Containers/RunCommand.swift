import ArgumentParser
import Engine
import Kernel

/// Creates a container and starts it.
struct RunCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Create and run a new container from an image.")

    @OptionGroup var places: Places
    @OptionGroup var options: ContainerFlags
    @Flag(name: [.short, .customLong("detach")], help: "Run in the background and print the container's ID.")
    var detach = false
    @Option(help: "Forward signals to the container.")
    var sigProxy = true

    var failureCode: Int32 { 125 }

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let container = try options.create(engine)
        do throws(EngineError) {
            guard detach else {
                return try runAttached(
                    container, readsInput: container.record.keepsInputOpen, proxiesSignals: sigProxy,
                    detachKeys: options.process.detachKeys ?? DetachKeys.standard)
            }
            try show(container.id)
            try container.start()
            return 0
        } catch {
            report(error)
            if container.record.removesItself { try? container.remove(force: true) }
            return error.kind.exitCode
        }
    }
}

/// Creates a container.
struct CreateCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a new container.")

    @OptionGroup var places: Places
    @OptionGroup var options: ContainerFlags

    var failureCode: Int32 { 125 }

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        try show(options.create(engine).id)
        return 0
    }
}

/// Starts a container with our streams on its own; answers its exit code, or 0 when the person detaches.
func runAttached(
    _ container: Container, readsInput: Bool, proxiesSignals: Bool = true, detachKeys: String
) throws(EngineError) -> Int32 {
    let options = AttachOptions(
        readsInput: readsInput, hasTerminal: container.record.hasTerminal, proxiesSignals: proxiesSignals,
        detachKeys: detachKeys)
    var session: AttachSession?
    var watch: EndWatch?
    try container.start(leavesInputOpen: false) { container, running throws(EngineError) in
        session = try container.attach(to: running, options)
        watch = EndWatch(container, running)
    }
    if try session?.run() == .detached {
        writeError(Array("read escape sequence\n".utf8))
        return 0
    }
    return try watch?.wait() ?? 0
}
