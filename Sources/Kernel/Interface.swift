internal import CKernel
internal import Glibc

/// Whether the network namespace this thread is in has an interface of the name. if_nametoindex(3)
///
/// `/sys/class/net` would tell of the namespace in which sysfs was mounted.
public func interfaceExists(_ name: String) -> Bool { if_nametoindex(name) != 0 }

/// Sets the network interface `name` up. netdevice(7), `SIOCSIFFLAGS`.
public func setInterfaceUp(_ name: String) throws(SystemError) {
    _ = try check("ioctl", "SIOCSIFFLAGS \(name)") { ck_interface_up(name) }
}

/// Sends a whole Ethernet frame out of the interface with the index `link`. packet(7), `SOCK_RAW`.
///
/// - Throws: ``SystemError`` with `ENETDOWN` while the interface is down, `EPERM` without `CAP_NET_RAW`.
public func sendFrame(_ bytes: [UInt8], link: Int32) throws(SystemError) {
    _ = try check("sendto", "AF_PACKET \(link)") {
        bytes.withUnsafeBytes { ck_send_frame(link, $0.baseAddress, $0.count) }
    }
}
