/// Lends standard input to `body`. The descriptor stays open.
public func withStandardInput<Value>(
    _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
) throws(SystemError) -> Value {
    try lend(0, body)
}

/// Lends standard output to `body`. The descriptor stays open.
public func withStandardOutput<Value>(
    _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
) throws(SystemError) -> Value {
    try lend(1, body)
}

/// Lends standard error to `body`. The descriptor stays open.
public func withStandardError<Value>(
    _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
) throws(SystemError) -> Value {
    try lend(2, body)
}

/// Writes to standard error what can be written: when that fails there is nobody left to tell.
public func writeError(_ bytes: [UInt8]) {
    do throws(SystemError) {
        try withStandardError { (file: borrowing FileDescriptor) throws(SystemError) in try file.write(bytes)
        }
    } catch {}
}

/// Opens `/dev/null` where descriptor 0, 1 or 2 is closed, so that no file opened later gets the number.
///
/// Answers the numbers that were closed. Without `/dev/null` they stay so.
@discardableResult
public func openMissingStandardStreams() -> [Int32] {
    let missing = (Int32(0)...2).filter { !isOpen(descriptor: $0) }
    for number in missing {
        do throws(SystemError) {
            // The lowest free number is taken; a program inherits it like any other stream.
            let null = try FileDescriptor.open("/dev/null", .readWrite).release()
            try installDescriptor(null, as: number)
        } catch { return missing }
    }
    return missing
}

private func lend<Value>(
    _ number: Int32, _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
) throws(SystemError) -> Value {
    let file = FileDescriptor(owning: number)
    do throws(SystemError) {
        let value = try body(file)
        _ = file.release()
        return value
    } catch {
        _ = file.release()
        throw error
    }
}
