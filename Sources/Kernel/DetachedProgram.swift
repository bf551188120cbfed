internal import CKernel

/// Starts a program which goes on when this process ends: in a session of its own, in `/`, with nothing on its standard streams.
///
/// It is nobody's child here. `kept`: an open descriptor it holds under the same number; it gets no other one of this process.
///
/// - Throws: ``SystemError`` also when the program cannot be executed, with the reason of execve(2).
package func startDetached(
    _ arguments: [String], environment: [String], keeping kept: Int32
) throws(SystemError) {
    let failure = try Pipe()
    switch try cloneProcess() {
    case .child:
        do throws(SystemError) {
            // Made by a process which ends at once, so that nobody has to wait for it.
            if case .parent = try cloneProcess() { exitNow(0) }
            try become(arguments, environment, keeping: kept)
        } catch {
            try? failure.writer.write([UInt8(clamping: error.errno.rawValue)])
            exitNow(127)
        }
    case .parent(let pid, _):
        _ = try waitForExit(pid)
        // The writing ends close with execve(2).
        guard let number = try failure.keepReader().read(upTo: 1).first else { return }
        throw SystemError(call: "exec", subject: arguments.first ?? "", errno: Errno(rawValue: Int32(number)))
    }
}

private func become(
    _ arguments: [String], _ environment: [String], keeping kept: Int32
) throws(SystemError) -> Never {
    unblockSignals()
    try startSession()
    try changeDirectory("/")
    let nowhere = try FileDescriptor.open("/dev/null", .readWrite)
    for stream in 0...2 as ClosedRange<Int32> { try installDescriptor(nowhere.rawValue, as: stream) }
    try closeOnExecute(from: 3)
    try installDescriptor(kept, as: kept)
    try execute(arguments.first ?? "", arguments: arguments, environment: environment)
}
