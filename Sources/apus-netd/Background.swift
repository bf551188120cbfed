import CommandWords
import Kernel
import NetdClient

/// Starts the daemon in the background; the answer is the exit code, once it can be talked to.
///
/// What it says before that goes to this process' standard error.
func startInBackground(_ paths: NetdPaths, overlay settings: SettingsFile) throws(Failure) -> Int32 {
    let signal = try system("make a pipe") { () throws(SystemError) in try Pipe() }
    let child = try system("start the daemon") { () throws(SystemError) in try cloneProcess() }
    let pid: Int32
    switch child {
    case .child: return becomeDaemon(paths, overlay: settings, ready: signal.keepWriter())
    case .parent(let number, _): pid = number
    }
    let reader = signal.keepReader()
    let word = try system("wait for the daemon") { () throws(SystemError) in try reader.read(upTo: 1) }
    if !word.isEmpty { return 0 }
    let status = try system("wait for the daemon") { () throws(SystemError) in try waitForExit(pid) }
    return status.code
}

/// The child's side.
private func becomeDaemon(_ paths: NetdPaths, overlay settings: SettingsFile, ready: consuming FileDescriptor)
    -> Int32
{
    do throws(Failure) {
        try system("leave the terminal") { () throws(SystemError) in
            try startSession()
            try changeDirectory("/")
            let nothing = try FileDescriptor.open("/dev/null", .readWrite)
            for stream: Int32 in 0...1 { try installDescriptor(nothing.rawValue, as: stream) }
        }
        guard let service = try Service(paths, overlay: settings, .background(ready: ready)) else { return 0 }
        return try service.run()
    } catch {
        printError("\(programName): \(error.message)\n")
        return error.code
    }
}
