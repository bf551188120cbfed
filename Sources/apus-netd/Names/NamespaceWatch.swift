import Kernel
import NIOCore
import NIOPosix

/// Tells when paths that led to network namespaces have gone.
///
/// The sockets here keep a namespace alive that nobody has any more, and with it the host's ends of its links. Whoever ends a container
/// unmounts the namespace and removes the file it was mounted on, and the kernel tells of the removal. Two things it tells nobody: that a
/// mount alone has gone, but for a word about all mounts of the host, and that anything of `/proc` has. For those, and
/// where nothing more can be watched, somebody has to look now and then. Nothing of `/proc` is watched: as it never ends,
/// a watch would stay for each container there ever was.
final class NamespaceWatch {
    private let watch: DepartureWatch
    /// The directories by their number, as the paths have them: several paths may lead to one.
    private var directories: [Int32: Set<String>] = [:]
    private let departed: (String?) -> Void

    /// statfs(2), `f_type`.
    private static let procfs: Int64 = 0x9fa0

    /// `departed`: gets a path that has gone; nil when it may have been any.
    init(_ loop: any EventLoop, _ departed: @escaping (String?) -> Void) throws(SystemError) {
        watch = try DepartureWatch()
        self.departed = departed
        let events = try watch.events.duplicate()
        let handler = NIOLoopBound(DepartureHandler(self), eventLoop: loop)
        _ = NIOPipeBootstrap(group: loop)
            // The kernel has no part of an event to give.
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .takingOwnershipOfDescriptor(input: events.release())
    }

    /// Watches the directory `path` is in. What cannot be watched is not an error: it is looked at later.
    func add(_ path: String) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let directory = String(path[..<slash])
        guard (try? fileSystemType(directory)) != Self.procfs else { return }
        if let number = try? watch.add(directory) { directories[number, default: []].insert(directory) }
    }

    fileprivate func tell(_ bytes: [UInt8]) {
        for event in DepartureWatch.departures(in: bytes) {
            switch event {
            case .departed(let name, let number):
                for directory in directories[number] ?? [] { departed("\(directory)/\(name)") }
            case .ended(let number): directories[number] = nil
            case .lost: departed(nil)
            }
        }
    }
}

/// Hands on what the kernel writes.
private final class DepartureHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let watch: NamespaceWatch

    init(_ watch: NamespaceWatch) { self.watch = watch }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch.tell(Array(unwrapInboundIn(data).readableBytesView))
    }
}
