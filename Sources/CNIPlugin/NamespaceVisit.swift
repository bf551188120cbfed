public import CNISpec
package import Kernel

/// Runs `body` with the whole process in the network namespace at `path`, then goes back.
///
/// The process has one thread, so no other code can see the switch. Sockets belong to the namespace they were
/// opened in: open them inside.
/// - Throws: what `body` throws, or a ``CNIError`` that names `CNI_NETNS` when the namespace cannot be entered.
public func inNetworkNamespace<Value: ~Copyable>(
    _ path: String, _ body: () throws(CNIError) -> Value
) throws(CNIError) -> Value {
    try inNetworkNamespace(openNetworkNamespace(path), body)
}

/// Opens the network namespace of `CNI_NETNS`.
///
/// - Throws: a ``CNIError`` that names `CNI_NETNS` and what is at `path` instead.
package func openNetworkNamespace(_ path: String) throws(CNIError) -> NetworkNamespace {
    do throws(SystemError) { return try NetworkNamespace(path: path) } catch { throw unusable(path, error) }
}

/// Like ``inNetworkNamespace(_:_:)-(String,_)``, but answers `nil` when there is no such namespace any more.
///
/// For DEL, which must succeed after the container has gone. CNI 1.1.0, "DEL".
@discardableResult
public func inNetworkNamespaceIfPresent<Value>(
    _ path: String, _ body: () throws(CNIError) -> Value
) throws(CNIError) -> Value? {
    guard !path.isEmpty else { return nil }
    let target: NetworkNamespace
    do throws(SystemError) {
        target = try NetworkNamespace(path: path)
    } catch {
        // EINVAL: the file the namespace was mounted on is still there.
        if [.noEntity, .notDirectory, .invalidArgument, .noProcess].contains(error.errno) { return nil }
        throw unusable(path, error)
    }
    return try inNetworkNamespace(target, body)
}

private func inNetworkNamespace<Value: ~Copyable>(
    _ target: borrowing NetworkNamespace, _ body: () throws(CNIError) -> Value
) throws(CNIError) -> Value {
    let home = try system { () throws(SystemError) in try NetworkNamespace.current() }
    do throws(SystemError) { try target.enter() } catch { throw unusable(target.path, error) }
    defer { returnHome(home) }
    return try body()
}

private func returnHome(_ home: borrowing NetworkNamespace) {
    // A kernel short of memory may be better off a moment later.
    for attempt in 0..<10 {
        do throws(SystemError) { return try home.enter() } catch {
            pause(milliseconds: Int32(attempt))
            guard attempt == 9 else { continue }
            // What comes next would happen to the container's network instead of the host's.
            endProcess(CNIError(.internalFailure, "cannot return to the host's network namespace: \(error)"))
        }
    }
}

private func unusable(_ path: String, _ error: SystemError) -> CNIError {
    let reason = error.errno == .invalidArgument ? "not a network namespace" : error.errno.reason
    return CNIError(
        .invalidEnvironment, "failed to open netns \"\(path)\": \(reason)",
        details: "CNI_NETNS is \"\(path)\"")
}
