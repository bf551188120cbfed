import ArgumentParser
import Engine
import Kernel

/// A command of the engine's: it does its work, and answers the exit code.
protocol EngineCommand: ParsableCommand {
    var places: Places { get }

    /// What the command ends with when the engine did not do what it was asked.
    var failureCode: Int32 { get }

    mutating func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32
}

extension EngineCommand {
    var failureCode: Int32 { 1 }

    mutating func run() throws(ExitCode) {
        var code: Int32
        do throws(EngineError) {
            code = try perform(places.engine())
        } catch {
            report(error)
            code = failureCode
        }
        if code != 0 { throw ExitCode(code) }
    }
}

/// Tells the person who typed the command.
func report(_ error: EngineError) { writeError(Array("apus: \(error.message)\n".utf8)) }

/// Tells the person who typed the command what he may want to know.
func warn(_ text: String) { writeError(Array("WARNING: \(text)\n".utf8)) }

/// Writes a line to standard output.
func show(_ text: String) throws(EngineError) { try write(text + "\n") }

/// Writes to standard output.
func write(_ text: String) throws(EngineError) {
    do throws(SystemError) {
        try withStandardOutput { output throws(SystemError) in try output.write(text) }
    } catch { throw EngineError("cannot write to standard output: \(error)") }
}

/// Does something with each of `names`, and prints it when it is done; what fails is told, and the rest is done all the same.
func forEach(
    _ names: [String], passesOverMissing: Bool = false, _ body: (String) throws(EngineError) -> Void
) throws(EngineError) -> Int32 {
    var code: Int32 = 0
    for name in names {
        do throws(EngineError) {
            try body(name)
            try show(name)
        } catch {
            report(error)
            if !passesOverMissing || error.kind != .notFound { code = 1 }
        }
    }
    return code
}
