internal import JSON
internal import Kernel

/// Writes down what a case does, for the report. It outlives the case: what was written before a kill is there.
package final class Recorder {
    private let file: FileDescriptor
    private var count = 0
    /// More would make the report of a case with a thousand calls a book.
    private let limit = 200

    init(_ file: consuming FileDescriptor) { self.file = file }

    /// Writes `step` down.
    package func record(_ step: Step) {
        count += 1
        if count <= limit { write("step", step.json) }
    }

    /// Writes down a fact the case found out, for who started it.
    package func note(_ name: String, _ fact: String) {
        write("note", .array([.string(name), .string(fact)]))
    }

    /// Writes how the case ended: `nil` is well.
    func finish(_ stop: Stop?) {
        switch stop {
        case nil: write("end", .string("passed"))
        case .finding(let finding):
            write("finding", .array([.string(finding.expected), .string(finding.seen)]))
        case .skip(let reason): write("skip", .string(reason))
        case .trouble(let reason): write("trouble", .string(reason))
        }
    }

    private func write(_ name: String, _ value: JSONValue) {
        let line = JSONValue.object([JSONValue.Member(name, value)]).text + "\n"
        // The reader is the scheduler; when it has gone, this process goes with it.
        do throws(SystemError) { try file.write(line) } catch {}
    }
}
