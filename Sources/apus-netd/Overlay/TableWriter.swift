import Addressing
import JSON
import NIOCore
import NIOPosix
import NetdClient
import Netlink
import OverlayControl

/// Works on the kernel's links and tables for networks of several hosts, one job after the other, on a thread of its own: fifty thousand
/// entries take a moment, in which names are to be answered.
struct TableWriter {
    private let pool: NIOThreadPool
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
        pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
    }

    /// Makes a network's devices where they are missing, and mends what differs.
    func ensure(_ wish: DeviceWish) -> EventLoopFuture<Void> {
        run { () throws(NetlinkError) in try NodeDevices.ensure(wish) }
    }

    /// Takes the devices of the network with that ID away.
    func remove(_ id: String) -> EventLoopFuture<Void> {
        run { () throws(NetlinkError) in
            try NodeDevices.remove(
                bridge: OverlayNetwork.bridgeName(id), vxlan: OverlayNetwork.vxlanName(id), network: id)
        }
    }

    /// Makes the tables exactly what is wanted; the answer is how many entries were not.
    func reconcile(_ peers: [IPAddress: OverlayPeer], _ vxlan: String) -> EventLoopFuture<Int> {
        run { () throws(NetlinkError) in
            let (added, removed) = try NodeDevices.reconcile(peers.values.flatMap(\.entries), vxlan: vxlan)
            return added + removed
        }
    }

    /// Tells the kernel of changes, in the order they happened.
    func apply(_ changes: [PeerChange], _ vxlan: String) -> EventLoopFuture<Void> {
        let changes = PeerChange.merged(changes)
        let removed = changes.compactMap(\.old).flatMap(\.entries)
        let added = changes.compactMap(\.new).flatMap(\.entries)
        let kept = Set(added.map(\.address))
        return run { () throws(NetlinkError) in
            // What is replaced is never away in between.
            try NodeDevices.apply(
                add: added, remove: removed.filter { !kept.contains($0.address) }, vxlan: vxlan)
        }
    }

    /// Where this host has networks already.
    func routes() -> EventLoopFuture<[IPPrefix]> {
        run { () throws(NetlinkError) in
            let socket = try RouteSocket()
            // Ways to the rest of the world leave nothing free.
            return try socket.routes(.v4).map(\.destination).filter { $0.length >= 4 }
        }
    }

    /// Takes away the devices of networks which are not `used`, and have no containers of another run directory's daemon.
    func removeStrays(besides used: Set<String>) -> EventLoopFuture<Void> {
        run { () throws(NetlinkError) in
            for device in try NodeDevices.idle() where !used.contains(device.network) {
                try NodeDevices.remove(bridge: device.name, vxlan: device.name, network: device.network)
            }
        }
    }

    /// The uplink that was chosen; a host without any has the store to itself and needs none.
    func uplink(_ choice: String, isLocal: Bool) -> EventLoopFuture<Uplink> {
        let found: EventLoopFuture<Result<Uplink?, Uplink.Missing>> = run { () throws(NetlinkError) in
            let socket = try RouteSocket()
            return try socket.uplink(choice)
        }
        return found.flatMapThrowing { result in
            switch result {
            case .success(let uplink?): return uplink
            case .success(nil):
                guard isLocal, let loopback = IPAddress("127.0.0.1") else {
                    throw NetdRefusal(
                        .failed,
                        "there is no default route: vtep in overlay.json says which interface leads to the others"
                    )
                }
                return Uplink(address: loopback, mtu: 1500)
            case .failure(let missing): throw NetdRefusal(.failed, "\(missing)")
            }
        }
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(NetlinkError) -> Value
    ) -> EventLoopFuture<Value> {
        pool.runIfActive(eventLoop: loop) {
            do throws(NetlinkError) { return try body() } catch { throw NetdRefusal(.failed, "\(error)") }
        }
    }
}

extension OverlayPeer {
    /// What the kernel must know to reach it.
    var entries: [TableEntry] { addresses.map { TableEntry(address: $0, mac: mac, host: vtep) } }
}
