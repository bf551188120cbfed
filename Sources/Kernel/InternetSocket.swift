internal import CKernel
internal import Glibc

/// A socket which is bound to a port of an address. ip(7), ipv6(7).
package struct BoundSocket: ~Copyable {
    package let file: FileDescriptor
    /// The port it has, also where the kernel chose it.
    package let port: UInt16

    /// Gives up ownership of the descriptor: the caller must close it.
    package consuming func release() -> Int32 { file.release() }

    /// What is spoken over it.
    package enum Transport: Hashable, Sendable { case tcp, udp }

    /// Opens a socket in the network namespace this thread is in; it does not block and does not listen yet.
    ///
    /// `address`: in text, IPv4 or IPv6; it need not be there yet. One of IPv6 takes nothing of IPv4. `port` 0 lets the
    /// kernel choose.
    /// - Throws: ``SystemError`` with `EADDRINUSE` when somebody has the port.
    package init(_ transport: Transport, _ address: String, port: UInt16) throws(SystemError) {
        let type = transport == .tcp ? SOCK_STREAM : SOCK_DGRAM
        let number = try check("bind", "\(address) port \(port)") {
            ck_bind_inet(address, port, Int32(type.rawValue))
        }
        let file = FileDescriptor(owning: number)
        self.port = UInt16(try check("getsockname") { ck_bound_port(number) })
        self.file = file
    }
}

/// A socket for datagrams to and from a port of an address written in text, IPv4 or IPv6; it does not block. connect(2).
package func connectUDP(_ address: String, port: UInt16) throws(SystemError) -> FileDescriptor {
    FileDescriptor(
        owning: try check("connect", "\(address) port \(port)") { ck_connect_inet_datagram(address, port) })
}

/// How many descriptors this process may have open. getrlimit(2), `RLIMIT_NOFILE`.
package func descriptorLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return Int(clamping: limit.rlim_cur)
}

/// Lets this process have as many open descriptors as it may. setrlimit(2), `RLIMIT_NOFILE`.
package func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
