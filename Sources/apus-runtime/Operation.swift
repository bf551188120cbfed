import CommandWords
import Runtime

/// The program's name in its own output.
let programName = "apus-runtime"

/// Runs one operation of the runtime and puts its error into one line.
func operation<Value>(_ body: () throws(RuntimeError) -> Value) throws(Failure) -> Value {
    do throws(RuntimeError) { return try body() } catch { throw Failure(error.description) }
}
