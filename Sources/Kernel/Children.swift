internal import CKernel
internal import Glibc

/// How the child `pid` ended, which it must have or must be about to; it stays to be waited for. waitid(2).
public func peekAtExit(_ pid: Int32) throws(SystemError) -> ExitStatus {
    var status: Int32 = 0
    _ = try check("waitid", "\(pid)") { ck_peek_exit(pid, &status) }
    return ExitStatus(waitStatus: status)
}

/// A child that has ended and waits to be reaped, or `nil`. waitid(2), `WNOHANG`.
public func peekAtEndedChild() throws(SystemError) -> Int32? {
    var status: Int32 = 0
    do throws(SystemError) {
        let pid = try check("waitid") { ck_peek_exit(0, &status) }
        return pid == 0 ? nil : pid
    } catch {
        if error.errno == .noChild { return nil }
        throw error
    }
}

/// Makes a named pipe. mkfifo(3).
public func makeFIFO(_ path: String, mode: UInt32) throws(SystemError) {
    _ = try check("mkfifo", path) { ck_mkfifoat(Int32(CK_AT_FDCWD), path, mode) }
}
