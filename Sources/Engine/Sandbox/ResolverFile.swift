internal import Addressing

/// A resolv.conf: the host's as it is read, and the container's as it is written. resolv.conf(5)
struct ResolverFile: Hashable {
    var servers: [String] = []
    var search: [String] = []
    var options: [String] = []

    init() {}

    /// Reads a text; what is none of the three is passed over. Of several lines `search` or `domain` the last one counts.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let key = words.first else { continue }
            switch key {
            case "nameserver": servers += words.dropFirst().prefix(1)
            case "search", "domain": search = Array(words.dropFirst())
            case "options": options += words.dropFirst()
            default: continue
            }
        }
    }

    /// With what was asked for the container in place of what the host has.
    func overridden(by request: NameRequest) -> ResolverFile {
        var file = self
        if !request.servers.isEmpty { file.servers = request.servers.map { "\($0)" } }
        if !request.search.isEmpty { file.search = request.search.filter { $0 != "." } }
        if !request.options.isEmpty { file.options = request.options }
        return file
    }

    /// For a container that asks the servers itself: those on the host's loopback are not its own; without any left, Google's.
    var forContainer: ResolverFile {
        var file = self
        // A zone stands behind a link-local address of a link the container does not have.
        file.servers = servers.filter { IPAddress($0).map { !$0.isLoopback } ?? false }
        if file.servers.isEmpty { file.servers = ["8.8.8.8", "8.8.4.4"] }
        return file
    }

    /// For a container which asks 127.0.0.11.
    var forResolver: ResolverFile {
        var file = self
        file.servers = ["127.0.0.11"]
        if !options.contains(where: { $0.hasPrefix("ndots:") }) { file.options.append("ndots:0") }
        return file
    }

    /// The whole file.
    var text: String {
        var lines = servers.map { "nameserver \($0)\n" }
        if !search.isEmpty { lines.append("search \(search.joined(separator: " "))\n") }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))\n") }
        return lines.joined()
    }
}
