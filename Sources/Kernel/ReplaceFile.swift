/// Puts a file with `bytes` and nothing else at `path`: whoever reads sees the old file or the new one, also after a crash.
///
/// It is written as `path.new`, or as `draft` on the same file system, waited for, and renamed. fsync(2), rename(2).
/// Without `isDurable` nobody waits: after a crash of the whole machine the file may be empty.
public func replaceFile(
    _ path: String, _ bytes: [UInt8], mode: UInt32, draft: String? = nil, isDurable: Bool = true
) throws(SystemError) {
    let new = draft ?? path + ".new"
    do throws(SystemError) {
        let file = try FileDescriptor.open(new, [.create, .writeOnly, .truncate, .noFollow], mode: mode)
        try file.write(bytes)
        if isDurable { try file.synchronize() }
    } catch {
        // Half a file is in nobody's way, but a full disk is.
        try? removeFile(new)
        throw SystemError(call: error.call, subject: new, errno: error.errno)
    }
    do throws(SystemError) { try renameFile(new, to: path) } catch {
        try? removeFile(new)
        throw error
    }
}

/// Removes the file at `path`; that it is missing is no error. unlink(2).
public func removeFileIfPresent(_ path: String) throws(SystemError) {
    do throws(SystemError) { try removeFile(path) } catch {
        // No file has a name that is too long for one.
        guard [.noEntity, .notDirectory, .nameTooLong].contains(error.errno) else { throw error }
    }
}
