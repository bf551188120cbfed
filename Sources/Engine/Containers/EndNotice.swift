/// What conmon says when a container has ended, as the words of a command of `apus`.
package struct EndNotice: Hashable, Sendable {
    package let paths: EnginePaths
    package let id: String
    /// Tells of which start.
    package let token: String

    init(paths: EnginePaths, id: String, token: String) {
        self.paths = paths
        self.id = id
        self.token = token
    }

    /// `nil` when the words, without the program's, are another command.
    package init?(_ words: [String]) {
        guard words.count == 7, words[0] == Self.command, words[1] == "--root", words[3] == "--run" else {
            return nil
        }
        self.init(paths: EnginePaths(root: words[2], run: words[4]), id: words[5], token: words[6])
    }

    var words: [String] { [Self.command, "--root", paths.root, "--run", paths.run, id, token] }

    private static let command = "container-exited"
}
