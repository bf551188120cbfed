/// What `cp` is asked for.
package struct CopyRequest: Sendable {
    package var source: Side
    package var target: Side
    /// Whether a symbolic link as the source is followed: `-L`.
    package var followsLink = false
    /// Whether owners are kept: `-a`.
    package var keepsOwners = false

    /// One end of a copy.
    package enum Side: Hashable, Sendable {
        case host(String)
        case container(String, path: String)
        /// A tar archive on standard input or output: `-`.
        case stream

        /// Reads `CONTAINER:PATH`, `-` or a path of the host: one that begins with a dot or a slash is always that.
        package init(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if text == "-" {
                self = .stream
            } else if text.hasPrefix("/") || text.hasPrefix(".") || parts.count < 2 || parts[0].isEmpty {
                self = .host(text)
            } else {
                self = .container(String(parts[0]), path: String(parts[1]))
            }
        }
    }

    package init(from source: String, to target: String) {
        (self.source, self.target) = (Side(source), Side(target))
    }
}

/// A path as `cp` reads it: `dir/.` stands for what is in the directory.
struct CopyPath: Hashable {
    /// Below the root; without slashes at its end.
    let text: String
    /// It ends in a slash: it has to be a directory.
    let wantsDirectory: Bool
    /// What is in the directory is meant, not the directory itself.
    let wantsContents: Bool

    init(_ typed: String) {
        var rest = typed[...]
        while rest.count > 1, rest.hasSuffix("/") { rest = rest.dropLast() }
        text = rest.isEmpty ? "/" : String(rest)
        let last = rest.split(separator: "/").last
        wantsContents = last == nil || last == "." || last == ".."
        wantsDirectory = wantsContents || typed.hasSuffix("/")
    }
}
