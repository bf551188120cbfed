import CommandWords
import Kernel

/// `path` as seen from `/`: relative ones start at the current directory.
///
/// `.` and doubled slashes go; `..` stays, because what it means depends on symbolic links.
func absolute(_ path: String) throws(Failure) -> String {
    var start = ""
    if !path.hasPrefix("/") {
        start = try system("find the current directory", { () throws(SystemError) in try currentDirectory() })
    }
    var whole = RelativePath(start + "/" + path)
    whole.removeDots()
    return "/" + whole.text
}

/// The value of `--root`, or the default: below `XDG_RUNTIME_DIR` where the user is not the host's root.
func stateRoot(_ given: String?) throws(Failure) -> (path: String, isUsers: Bool) {
    if let given {
        if given.isEmpty { throw Failure.usage("--root needs a directory", of: programName) }
        return (try absolute(given), false)
    }
    guard let directory = environmentVariable("XDG_RUNTIME_DIR"), directory.hasPrefix("/"), !isHostRoot()
    else {
        return ("/run/\(programName)", false)
    }
    return (try absolute(directory + "/\(programName)"), true)
}

/// Whether this is root with the initial user namespace's ids, or one that says it is by `USER`, as of runc.
private func isHostRoot() -> Bool {
    guard effectiveUserID() == 0 else { return false }
    guard environmentVariable("USER") != "root" else { return true }
    do throws(SystemError) {
        let words = try readText("/proc/self/uid_map").split { $0 == " " || $0 == "\n" }
        return words == ["0", "0", "4294967295"]
    } catch { return true }
}
