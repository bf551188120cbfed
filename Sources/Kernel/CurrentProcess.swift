internal import CKernel
internal import Glibc

/// Ends the process at once, without flushing anything. _exit(2).
public func exitNow(_ code: Int32) -> Never { _exit(code) }

/// The process's own number, as its pid namespace counts.
public func processID() -> Int32 { getpid() }

/// The number of the process that made this one; 0 when it is outside the pid namespace.
public func parentProcessID() -> Int32 { getppid() }

/// The effective user id.
public func effectiveUserID() -> UInt32 { geteuid() }

/// The effective group id.
public func effectiveGroupID() -> UInt32 { getegid() }

/// One variable of the environment, or `nil`.
public func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
}

/// The environment as `NAME=value` words.
public func environmentWords() -> [String] {
    var words: [String] = []
    var entry = environ
    while let text = entry.pointee {
        words.append(String(cString: text))
        entry += 1
    }
    return words
}

/// The current directory by the kernel's own answer. getcwd(2).
///
/// - Throws: ``SystemError`` with `ENOENT` when the directory was removed or lies outside the root
///   (the kernel then says `(unreachable)`).
public func currentDirectory() throws(SystemError) -> String {
    var buffer = [CChar](repeating: 0, count: 4097)
    let length = try check("getcwd") { ck_getcwd(&buffer, 4097) }
    let path = String(
        decoding: buffer[0..<Int(max(length - 1, 0))].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard path.hasPrefix("/") else { throw SystemError(call: "getcwd", subject: path, errno: .noEntity) }
    return path
}

/// Sets the host name of the UTS namespace. sethostname(2).
///
/// - Throws: ``SystemError`` with `EINVAL` when `name` is longer than 64 bytes.
public func setHostname(_ name: String) throws(SystemError) {
    _ = try check("sethostname", name) { ck_sethostname(name, name.utf8.count) }
}

/// Sets the NIS domain name of the UTS namespace. setdomainname(2).
public func setDomainname(_ name: String) throws(SystemError) {
    _ = try check("setdomainname", name) { ck_setdomainname(name, name.utf8.count) }
}

/// Makes this process the leader of a new session without a terminal. setsid(2).
public func startSession() throws(SystemError) { _ = try check("setsid") { ck_setsid() } }

/// Makes this process the leader of a new process group. setpgid(2).
public func startProcessGroup() throws(SystemError) { _ = try check("setpgid") { ck_setpgid(0, 0) } }

/// Sets the real, effective and saved user id. setresuid(2).
public func setUserID(_ uid: UInt32) throws(SystemError) {
    _ = try check("setresuid", "\(uid)") { ck_setresuid(uid) }
}

/// Sets the real, effective and saved group id. setresgid(2).
public func setGroupID(_ gid: UInt32) throws(SystemError) {
    _ = try check("setresgid", "\(gid)") { ck_setresgid(gid) }
}

/// Replaces the supplementary groups. setgroups(2).
public func setSupplementaryGroups(_ groups: [UInt32]) throws(SystemError) {
    _ = try check("setgroups", "\(groups)") { ck_setgroups(groups.count, groups) }
}

/// Marks every descriptor from `first` upwards close-on-exec. close_range(2).
public func closeOnExecute(from first: Int32) throws(SystemError) {
    _ = try check("close_range") {
        ck_close_range(UInt32(first), UInt32.max, UInt32(CK_CLOSE_RANGE_CLOEXEC))
    }
}

/// Closes every descriptor from `first` to `last`. close_range(2).
public func closeDescriptors(from first: Int32, through last: Int32 = Int32.max) throws(SystemError) {
    guard first <= last else { return }
    _ = try check("close_range") { ck_close_range(UInt32(first), UInt32(last), 0) }
}

/// Makes descriptor `target` refer to the open file of `source`; inherited over execve. dup2(2).
public func installDescriptor(_ source: Int32, as target: Int32) throws(SystemError) {
    if source == target {
        _ = try check("fcntl", "F_SETFD") { ck_set_descriptor_flags(source, 0) }
    } else {
        _ = try check("dup3", "\(source) to \(target)") { ck_dup3(source, target, 0) }
    }
}

/// Whether the number is an open descriptor.
public func isOpen(descriptor: Int32) -> Bool { ck_get_descriptor_flags(descriptor) >= 0 }

/// Whether the number is an open descriptor which the next program of this process gets, too.
///
/// What this package opens is close-on-exec, so until it makes something inheritable this is what the caller handed on.
public func isInheritable(descriptor: Int32) -> Bool { ck_get_descriptor_flags(descriptor) == 0 }

/// Milliseconds of a clock that never goes back. clock_gettime(2), `CLOCK_MONOTONIC`.
public func monotonicMilliseconds() -> Int64 { ck_monotonic_milliseconds() }

/// Lets this process do nothing for `milliseconds`. poll(2) on nothing.
public func pause(milliseconds: Int32) { _ = ck_poll(nil, 0, milliseconds) }
