internal import Kernel
internal import OCISpec

/// Makes a terminal in the container's devpts, gives its master side away over `socket`, and takes the other
/// side as this session's own terminal, on 0, 1 and 2.
///
/// The other side is opened through the master and never by its name, where the container could have put
/// something else (CVE-2025-52565). `install` gets it before it is used, to put it on `/dev/console`.
func openConsole(
    size: ConsoleSize?, socket: borrowing FileDescriptor,
    install: (borrowing FileDescriptor) throws(RuntimeError) -> Void
) throws(RuntimeError) {
    let master = try RuntimeError.step("open a terminal") { () throws(SystemError) in try openMaster() }
    let terminal = try RuntimeError.step("open the terminal") { () throws(SystemError) in
        if let size { try setWindowSize(master.file, rows: size.height, columns: size.width) }
        return try master.openPeer()
    }
    try install(terminal)
    try RuntimeError.step("attach the terminal") { () throws(SystemError) in
        try socket.send(Array("/dev/ptmx".utf8), descriptors: [master.file.rawValue])
        try makeControllingTerminal(terminal)
        for number in Int32(0)...2 { try installDescriptor(terminal.rawValue, as: number) }
    }
}

private func openMaster() throws(SystemError) -> TerminalMaster {
    do throws(SystemError) {
        return try TerminalMaster(multiplexer: "/dev/pts/ptmx")
    } catch {
        // A /dev of the host's has the device itself there.
        if error.errno != .noEntity { throw error }
        return try TerminalMaster(multiplexer: "/dev/ptmx")
    }
}

/// Becomes root of the user namespace this process has entered.
func becomeNamespaceRoot() throws(RuntimeError) {
    try RuntimeError.step("become root of the user namespace") { () throws(SystemError) in
        // Without an id 0 inside there is no root to become; the capabilities are there all the same.
        try orNotMapped { () throws(SystemError) in try setGroupID(0) }
        try orNotMapped { () throws(SystemError) in try setUserID(0) }
        // Changing ids forgets the signal.
        try setParentDeathSignal(Signal.kill)
    }
}

private func orNotMapped(_ body: () throws(SystemError) -> Void) throws(SystemError) {
    do throws(SystemError) { try body() } catch {
        if error.errno != .invalidArgument { throw error }
    }
}
