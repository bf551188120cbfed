import NIOCore
import NIOPosix

/// Takes callers at the daemon's socket. unix(7).
struct ControlServer {
    private let daemon: Daemon
    private let loop: any EventLoop

    init(_ daemon: Daemon, _ loop: any EventLoop) {
        self.daemon = daemon
        self.loop = loop
    }

    /// Listens at `path`, where whoever held the lock before may have left a socket.
    func listen(at path: String) -> EventLoopFuture<any Channel> {
        let daemon = NIOLoopBound(daemon, eventLoop: loop)
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 128)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ControlHandler(daemon.value))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
    }
}
