import Kernel
import Runtime

/// Why the program ends with another exit code than 0: one line for a person.
struct Failure: Error {
    let message: String
    let code: Int32

    init(_ message: String, code: Int32 = 1) {
        self.message = message
        self.code = code
    }

    /// Words that make no sense to `command`; the line says where help is.
    static func usage(_ problem: String, of command: String) -> Failure {
        let topic = command.isEmpty ? "" : "\(command) "
        return Failure("\(problem); see '\(programName) \(topic)--help'")
    }
}

/// The program's name in its own output.
let programName = "apus-runtime"

/// Runs one operation of the runtime and puts its error into one line.
func operation<Value>(_ body: () throws(RuntimeError) -> Value) throws(Failure) -> Value {
    do throws(RuntimeError) { return try body() } catch { throw Failure(error.description) }
}

/// Runs one step of this program that asks the kernel; `step` completes "cannot ...".
func system<Value: ~Copyable>(
    _ step: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(Failure) -> Value {
    do throws(SystemError) { return try body() } catch { throw Failure("cannot \(step()): \(error)") }
}
