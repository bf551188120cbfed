internal import JSON
internal import Kernel
internal import Netlink
package import OCISpec

/// Moves a network interface of the runtime's network namespace into that of the process `pid`, renames it, gives
/// it its addresses back, and brings it up. config-linux.md, "Network Devices".
///
/// The kernel takes an interface down when it moves, and its addresses away. Only addresses of global scope which
/// somebody set for good come back; routes and rules do not. When the container goes, hardware returns to the first
/// network namespace and virtual interfaces vanish, as the specification wants.
/// - Throws: ``RuntimeError`` which names the interface.
package func moveNetDevice(_ device: NetDevice, toNamespaceOf pid: Int32) throws(RuntimeError) {
    let place = "linux.netDevices.\(device.hostName)"
    do throws(SystemError) {
        let target = try FileDescriptor.open("/proc/\(pid)/ns/net")
        let home = try FileDescriptor.open("/proc/self/ns/net")
        guard try target.status() != home.status() else {
            throw SystemError(
                call: "setns", subject: "the container shares the runtime's network namespace",
                errno: .invalidArgument)
        }
        // A netlink socket belongs to the namespace it was opened in: one for each side.
        let here = try socket()
        try enterNamespaces(target, .network)
        let there = Result { () throws(SystemError) in try socket() }
        try enterNamespaces(home, .network)
        try move(device, from: here, to: there.get(), target)
    } catch {
        throw .system(step: "move the interface \(device.hostName) (\(place))", reason: "\(error)")
    }
}

private func move(
    _ device: NetDevice, from here: borrowing RouteSocket, to there: borrowing RouteSocket,
    _ namespace: borrowing FileDescriptor
) throws(SystemError) {
    let name = device.name ?? device.hostName
    let number = namespace.rawValue
    let known = try system { () throws(NetlinkError) in try there.links() }
    // The kernel moves first and renames then: a name that is taken would leave the device on the other side.
    guard !known.contains(where: { $0.name == name }) else {
        throw SystemError(call: "move", subject: "\(name) is there already", errno: .exists)
    }
    try system { () throws(NetlinkError) in
        let index = try here.link(.name(device.hostName)).index
        let addresses = try here.addresses(of: index).filter {
            $0.flags.contains(.permanent) && $0.scope == .global
        }
        try here.perform(.setLink(.index(index), [.namespace(descriptor: number), .name(name)]))
        // The name may be a pattern like eth%d, and the index may have been taken: what is new is ours.
        guard
            let arrived = try there.links().first(where: { link in !known.contains { $0.index == link.index }
            })
        else { return }
        let settings = addresses.map { RouteRequest.addAddress($0, to: arrived.index) }
        try there.perform(settings + [.setLink(.index(arrived.index), [.up])])
    }
}

private func socket() throws(SystemError) -> RouteSocket {
    try system { () throws(NetlinkError) in try RouteSocket() }
}

private func system<Value: ~Copyable>(_ body: () throws(NetlinkError) -> Value) throws(SystemError) -> Value {
    do throws(NetlinkError) { return try body() } catch {
        throw SystemError(call: error.request, errno: error.errno ?? .inputOutput)
    }
}
