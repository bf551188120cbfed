/// A command of `apus` no person types: what the engine has the program do later, about one start of a container, or one program in it.
package struct OwnCommand: Hashable, Sendable {
    package let kind: Kind
    package let paths: EnginePaths
    let id: String
    /// Tells of which start, or of which program.
    let token: String

    /// What is to be done; the word is that of the command.
    package enum Kind: String, Hashable, Sendable {
        /// Deal with the end conmon tells of.
        case end = "container-exited"
        /// Make health checks until the end.
        case watch = "health-watch"
        /// Remove what is left of a program on a terminal.
        case endExecution = "exec-exited"
    }

    init(_ kind: Kind, paths: EnginePaths, id: String, token: String) {
        self.kind = kind
        self.paths = paths
        self.id = id
        self.token = token
    }

    /// `nil` when the words, without the program's, are another command.
    package init?(_ words: [String]) {
        guard words.count == 7, let kind = Kind(rawValue: words[0]), words[1] == "--root", words[3] == "--run"
        else { return nil }
        self.init(kind, paths: EnginePaths(root: words[2], run: words[4]), id: words[5], token: words[6])
    }

    var words: [String] { [kind.rawValue, "--root", paths.root, "--run", paths.run, id, token] }
}

extension ContainerEngine {
    /// Does it.
    package func perform(_ command: OwnCommand) throws(EngineError) {
        switch command.kind {
        case .end: try containerExited(command)
        case .watch: try watchHealth(command)
        case .endExecution: try removeExecution(command.token)
        }
    }
}
