/// Why the engine did not do what it was asked: a sentence for a person, in Docker's words where Docker has one, and the exit code
/// a command ends with.
package struct EngineError: Error, Hashable, CustomStringConvertible {
    package var message: String
    package var kind: Kind

    package init(_ message: String, _ kind: Kind = .failed) {
        self.message = message
        self.kind = kind
    }

    /// What a caller may want to tell apart.
    package enum Kind: Hashable, Sendable {
        /// Nothing has the name or ID.
        case notFound
        /// The name is taken, or what is asked for does not fit what is there.
        case conflict
        /// What was asked for is wrong in itself.
        case invalid
        /// The container's program is not executable; a command which runs it ends with 126.
        case notExecutable
        /// The container's program is not there; a command which runs it ends with 127.
        case programNotFound
        /// Anything else.
        case failed
    }

    package var description: String { message }
}
