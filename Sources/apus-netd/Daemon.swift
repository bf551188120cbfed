import JSON
import Kernel
import NIOCore
import NIOPosix
import NetdClient

/// The daemon's parts, all of which belong to one event loop.
final class Daemon {
    private let paths: NetdPaths
    private let log: Log
    private let loop: any EventLoop
    private let names: NameService
    private let ports: PortService
    private let overlay: OverlayService
    /// Calls are carried out one after the other: each finds what the one before has left. Those about networks of several hosts wait for one
    /// another alone: names must not wait for the cluster's store.
    private var last: EventLoopFuture<JSONValue>
    private var lastOverlay: EventLoopFuture<JSONValue>
    /// Nothing has been there to serve since this moment, in milliseconds.
    private var idleSince: Int64?

    init(_ paths: NetdPaths, overlay settings: SettingsFile, _ log: Log, _ loop: any EventLoop) {
        self.paths = paths
        self.log = log
        self.loop = loop
        names = NameService(paths, log, loop)
        ports = PortService(paths, log, loop)
        overlay = OverlayService(paths, settings, names, log, loop)
        last = loop.makeSucceededFuture(.null)
        lastOverlay = loop.makeSucceededFuture(.null)
    }

    /// Takes calls, which wait until what the records say is served.
    ///
    /// Who removes a record and finds nobody to tell has done all there is to do: from the moment on in which the first record
    /// is looked at, there has to be somebody.
    func start(signals: Int32, _ readiness: Readiness) {
        let daemon = NIOLoopBound(self, eventLoop: loop)
        let loaded = loop.makePromise(of: JSONValue.self)
        (last, lastOverlay) = (loaded.futureResult, loaded.futureResult)
        listen(toSignals: signals)
        ControlServer(self, loop).listen(at: paths.socket).whenComplete { result in
            switch result {
            case .success: daemon.value.load().cascade(to: loaded)
            case .failure(let error):
                let place = daemon.value.paths.socket
                writeError(Array("\(programName): cannot listen at \(place): \(error)\n".utf8))
                exitNow(1)
            }
        }
        let both = NIOLoopBound((daemon: self, readiness: readiness), eventLoop: loop)
        loaded.futureResult.whenSuccess { _ in
            let (daemon, readiness) = both.value
            daemon.log("\(programName) \(programVersion) serves \(daemon.paths.run)")
            readiness.announce()
            daemon.watch()
        }
    }

    private func load() -> EventLoopFuture<JSONValue> {
        let overlay = NIOLoopBound(overlay, eventLoop: loop)
        return names.load().and(ports.load()).map { _ in
            // What the cluster is told of a container is what it is called.
            overlay.value.load()
            return .null
        }
    }

    /// Ends with the first signal. signalfd(2).
    private func listen(toSignals signals: Int32) {
        let daemon = NIOLoopBound(self, eventLoop: loop)
        NIOPipeBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(SignalHandler { daemon.value.stop() })
            }
        }.takingOwnershipOfDescriptor(input: signals).whenFailure { error in
            daemon.value.log("signals are not heard: \(error)")
        }
    }

    /// Looks now and then at what nobody tells: namespaces which have gone, and that there is nothing left to do.
    private func watch() {
        let daemon = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
            daemon.value.look()
        }
    }

    private static let interval = TimeAmount.seconds(5)
    /// Milliseconds without anything to serve after which it ends.
    private static let patience: Int64 = 60_000

    private func look() {
        names.dropVanished()
        lookForRemoved()
        overlay.look()
        guard names.isEmpty, ports.isEmpty, overlay.isEmpty else {
            idleSince = nil
            return
        }
        let since = idleSince ?? monotonicMilliseconds()
        idleSince = since
        if monotonicMilliseconds() - since >= Self.patience { stop() }
    }

    /// Whoever removes a record may be killed before it can tell.
    private func lookForRemoved() {
        let served = [(RecordKind.names, names.files), (.ports, ports.files), (.overlay, overlay.files)]
        for (kind, files) in served {
            for file in files where !isThere(paths.record(kind, file)) {
                _ = perform(.sync(kind, record: file))
            }
        }
    }

    private func isThere(_ path: String) -> Bool {
        do throws(SystemError) { _ = try fileStatus(path) } catch { return error.errno != .noEntity }
        return true
    }

    /// Carries out a call.
    func perform(_ call: NetdCall) -> EventLoopFuture<JSONValue> {
        let daemon = NIOLoopBound(self, eventLoop: loop)
        // What went wrong before is told to whoever asked for it, and to nobody else.
        let next = { (before: EventLoopFuture<JSONValue>) in
            before.flatMapErrorThrowing { _ in .null }.flatMap { _ in daemon.value.begin(call) }
        }
        guard call.isOverlay else {
            last = next(last)
            return last
        }
        lastOverlay = next(lastOverlay)
        return lastOverlay
    }

    private func begin(_ call: NetdCall) -> EventLoopFuture<JSONValue> {
        // Whoever calls is about to have something to do.
        idleSince = nil
        switch call {
        case .sync(.names, let record):
            let overlay = NIOLoopBound(overlay, eventLoop: loop)
            return names.sync(record).always { _ in overlay.value.namesChanged(record) }
        case .sync(.ports, let record): return ports.sync(record)
        case .sync(.overlay, let record): return overlay.sync(record)
        case .overlay(let action, let arguments):
            return overlay.perform(action, JSONReader(arguments, path: "with"))
        case .status: return loop.makeSucceededFuture(status)
        // Whoever asked for it gets the answer first.
        case .stop: return loop.makeSucceededFuture(Self.done)
        }
    }

    /// The answer to what was done and has nothing to say.
    static var done: JSONValue { .object([.init("ok", .boolean(true))]) }

    private var status: JSONValue {
        var object = JSONObject()
        object.set("ok", true)
        object.set("version", programVersion)
        object.set("pid", processID())
        object.set("dns", names.status)
        object.set("ports", ports.status)
        object.set("overlay", overlay.status)
        return object.value
    }

    /// Ends the process. There is nothing to put away: what it served is served again by the next one.
    func stop() {
        log("ends")
        try? removeFileIfPresent(paths.socket)
        exitNow(0)
    }
}

/// Tells of signals which come as bytes.
private final class SignalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let act: () -> Void

    init(_ act: @escaping () -> Void) { self.act = act }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { act() }
}

extension NetdCall {
    /// Whether it may have to wait for the cluster's store.
    fileprivate var isOverlay: Bool {
        switch self {
        case .sync(.overlay, _), .overlay: true
        default: false
        }
    }
}
