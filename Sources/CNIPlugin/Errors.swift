public import CNISpec
public import JSON
public import Kernel
public import Netlink

/// Reads from a JSON value; what is wrong with it becomes a ``CNIError`` that names the place.
///
/// Code 6 when it is not JSON or of another type, 7 when the value cannot be accepted.
public func decoding<Value>(_ body: () throws(JSONError) -> Value) throws(CNIError) -> Value {
    do { return try body() } catch { throw cniError(error) }
}

func cniError(_ error: JSONError) -> CNIError {
    switch error.problem {
    case .malformed, .wrongType: CNIError(.decodingFailure, "network configuration: \(error)")
    case .missing, .unknownValue, .notAllowed:
        CNIError(.invalidConfiguration, "network configuration: \(error)")
    }
}

/// Asks the kernel; its refusal becomes a ``CNIError`` that names the call.
public func system<Value: ~Copyable>(
    _ body: () throws(SystemError) -> Value
) throws(CNIError) -> Value {
    do { return try body() } catch { throw CNIError(.ioFailure, "\(error)") }
}

/// Runs `body` with a fresh route socket; a netlink failure becomes a ``CNIError`` that names the command of ip(8).
public func netlink<Value>(
    _ body: (borrowing RouteSocket) throws(NetlinkError) -> Value
) throws(CNIError) -> Value {
    do throws(NetlinkError) {
        let socket = try RouteSocket()
        return try body(socket)
    } catch {
        throw CNIError(.ioFailure, "\(error)")
    }
}

/// Writes a line to standard error, which hosts pass on to their log.
public func note(_ text: String) { writeError(Array((text + "\n").utf8)) }
