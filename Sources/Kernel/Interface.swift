internal import CKernel

/// Sets the network interface `name` up. netdevice(7), `SIOCSIFFLAGS`.
public func setInterfaceUp(_ name: String) throws(SystemError) {
    _ = try check("ioctl", "SIOCSIFFLAGS \(name)") { ck_interface_up(name) }
}
