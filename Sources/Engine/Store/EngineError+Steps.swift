internal import ImageStore
internal import JSON
internal import Kernel

extension EngineError {
    /// Runs one step; `name` completes "cannot ...".
    static func step<Value: ~Copyable>(
        _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
    ) throws(EngineError) -> Value {
        do throws(SystemError) { return try body() } catch {
            throw EngineError("cannot \(name()): \(error)")
        }
    }

    /// Reads a part of the file `path`.
    static func reading<Value>(
        _ path: @autoclosure () -> String, _ body: () throws(JSONError) -> Value
    ) throws(EngineError) -> Value {
        do throws(JSONError) { return try body() } catch { throw EngineError("\(path()): \(error)") }
    }

    /// Works with the store of images.
    static func images<Value: ~Copyable>(_ body: () throws(ImageError) -> Value) throws(EngineError) -> Value
    {
        do throws(ImageError) { return try body() } catch {
            if case .unknown(let name) = error { throw EngineError("No such image: \(name)", .notFound) }
            throw EngineError("\(error)")
        }
    }
}
