package import Kernel

/// Why a program ends with another exit code than 0: one line for a person.
package struct Failure: Error {
    package let message: String
    package let code: Int32
    /// Whether the words were wrong, and nothing was tried.
    package let isUsage: Bool

    package init(_ message: String, code: Int32 = 1, isUsage: Bool = false) {
        self.message = message
        self.code = code
        self.isUsage = isUsage
    }

    /// A step the kernel refused; `step` completes "cannot ...".
    package init(cannot step: String, _ error: SystemError) {
        self.init("cannot \(step): \(error)")
    }

    /// Words that make no sense to `command`, for example `apus-runtime state`; the line says where help is.
    package static func usage(_ problem: String, of command: String) -> Failure {
        Failure("\(problem); see '\(command) --help'", isUsage: true)
    }
}

/// Runs one step of a program that asks the kernel; `step` completes "cannot ...".
package func system<Value: ~Copyable>(
    _ step: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(Failure) -> Value {
    do throws(SystemError) { return try body() } catch { throw Failure(cannot: step(), error) }
}
