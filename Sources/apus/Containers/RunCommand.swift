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
        guard !detach || options.process.attached.isEmpty else {
            throw EngineError("Conflicting options: -a and -d", .conflict)
        }
        let container = try options.create(engine)
        do throws(EngineError) {
            guard detach else {
                let streams = try options.process.streams(of: container, proxiesSignals: sigProxy)
                if !streams.showsOutput, !streams.showsErrors { try show(container.id) }
                return try runAttached(container, streams)
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
func runAttached(_ container: Container, _ options: AttachOptions) throws(EngineError) -> Int32 {
    var session: AttachSession?
    var watch: EndWatch?
    try container.start(leavesInputOpen: false) { container, running throws(EngineError) in
        session = try container.attach(to: running, options)
        watch = EndWatch(container, running)
    }
    guard let end = try session?.run(), let watch = watch.take() else { return 0 }
    return try code(after: end, watch)
}

/// What a command ends with that was attached to a container.
func code(after end: AttachEnd, _ watch: borrowing EndWatch) throws(EngineError) -> Int32 {
    switch end {
    case .ended: return try watch.wait() ?? 0
    case .inputEnded: return 0
    case .left(let signal): return 128 + signal
    case .detached:
        note("read escape sequence")
        return 0
    }
}
