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
