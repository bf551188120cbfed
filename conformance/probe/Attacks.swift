import JSON
import Kernel

/// Puts a symbolic link to `target` in the place of `path`, as somebody who shares a volume might at a bad moment.
func relink(_ path: String, to target: String) throws(SystemError) -> JSONValue {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let folder = try FileDescriptor.open(slash == path.startIndex ? "/" : String(path[..<slash]), .directory)
    let name = String(path[path.index(after: slash)...])
    try removeFileIfPresent(path)
    try folder.makeLink(name, to: target)
    return .boolean(true)
}

/// Waits for a process that runs another program than this one, holds that program open, and writes to it when the
/// process has ended. Answers what came of it. CVE-2019-5736.
func catchRuntime(milliseconds: Int64) throws(SystemError) -> JSONValue {
    let deadline = monotonicMilliseconds() + milliseconds
    let mine = try fileStatus("/proc/self/exe")
    var caught: FileDescriptor?
    while caught == nil, monotonicMilliseconds() < deadline {
        for name in try listDirectory("/proc") where Int32(name) != nil {
            do throws(SystemError) {
                let file = try FileDescriptor.open("/proc/\(name)/exe")
                if try file.status().inode != mine.inode { caught = consume file }
            } catch { continue }
        }
    }
    guard let caught else { return .string("no other program was seen") }
    let path = "/proc/self/fd/\(caught.rawValue)"
    while monotonicMilliseconds() < deadline {
        do throws(SystemError) {
            try FileDescriptor.open(path, .writeOnly).write("overwritten by the container\n")
            return .string("written")
        } catch {
            guard error.errno == .textBusy else { return .string("refused: \(error.errno.reason)") }
        }
        pause(milliseconds: 1)
    }
    return .string("busy until the end")
}
