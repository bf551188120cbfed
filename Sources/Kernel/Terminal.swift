internal import CKernel
internal import Glibc

/// The master side of a new pseudo-terminal. pty(7).
public struct TerminalMaster: ~Copyable {
    public let file: FileDescriptor

    /// Makes a terminal in the devpts file system the multiplexer at `path` belongs to.
    ///
    /// - Parameter path: `/dev/ptmx` on the host; `/dev/pts/ptmx` in a container, where `/dev/ptmx` is a link.
    /// - Throws: ``SystemError`` with `ENODEV` when `path` is not the multiplexer (character device 5:2).
    public init(multiplexer path: String) throws(SystemError) {
        let opened = try FileDescriptor.open(path, [.readWrite, .noControllingTerminal, .noFollow])
        let status = try opened.status()
        guard status.kind == .characterDevice, status.deviceNumber == DeviceNumber(major: 5, minor: 2) else {
            throw SystemError(call: "open", subject: path, errno: .noDevice)
        }
        let number = opened.rawValue
        _ = try check("ioctl", "TIOCSPTLCK") { ck_terminal_unlock(number) }
        file = opened
    }

    /// Opens the other side without its name, so nobody can put another file in its place. `TIOCGPTPEER`.
    public borrowing func openPeer() throws(SystemError) -> FileDescriptor {
        let number = file.rawValue
        let peer = try check("ioctl", "TIOCGPTPEER") {
            ck_terminal_peer(number, O_RDWR | O_NOCTTY | O_CLOEXEC)
        }
        return FileDescriptor(owning: peer)
    }
}

/// Makes the terminal the controlling one of this session. `TIOCSCTTY`.
public func makeControllingTerminal(_ terminal: borrowing FileDescriptor) throws(SystemError) {
    let number = terminal.rawValue
    _ = try check("ioctl", "TIOCSCTTY") { ck_make_controlling_terminal(number) }
}

/// Makes this process' group the one the terminal's keys are for. tcsetpgrp(3).
///
/// A process in the background has to block `SIGTTOU`, or it is stopped.
public func takeForeground(_ descriptor: Int32) throws(SystemError) {
    _ = try check("tcsetpgrp") { ck_set_foreground(descriptor) }
}

/// Sets how many characters fit. `TIOCSWINSZ`.
public func setWindowSize(
    _ terminal: borrowing FileDescriptor, rows: UInt16, columns: UInt16
) throws(SystemError) {
    let number = terminal.rawValue
    _ = try check("ioctl", "TIOCSWINSZ") { ck_set_window_size(number, rows, columns) }
}

/// How many characters fit on the terminal at `descriptor`. `TIOCGWINSZ`.
package func windowSize(_ descriptor: Int32) throws(SystemError) -> (rows: UInt16, columns: UInt16) {
    var size: (rows: UInt16, columns: UInt16) = (0, 0)
    _ = try check("ioctl", "TIOCGWINSZ") { ck_get_window_size(descriptor, &size.rows, &size.columns) }
    return size
}

/// Gives the terminal `to` the size of the terminal `from`; nothing happens when `from` is none.
public func copyWindowSize(from: Int32, to: Int32) { _ = ck_copy_window_size(from, to) }

/// Whether the descriptor is a terminal. isatty(3).
public func isTerminal(_ descriptor: Int32) -> Bool { ck_is_terminal(descriptor) == 1 }

/// A terminal in raw mode; its former settings come back when the value goes. termios(3).
public struct RawTerminal: ~Copyable {
    private let descriptor: Int32
    private let saved: [UInt8]

    /// Takes the terminal at `descriptor` into raw mode.
    public init(_ descriptor: Int32) throws(SystemError) {
        var settings = [UInt8](repeating: 0, count: Int(ck_terminal_settings_size))
        _ = try check("tcsetattr") { ck_make_raw(descriptor, &settings) }
        self.descriptor = descriptor
        saved = settings
    }

    deinit { _ = ck_restore_terminal(descriptor, saved) }
}
