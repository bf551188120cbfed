/// The head of an answer. RFC 9112, section 4.
struct HTTPHead: Hashable, Sendable {
    let status: Int
    /// Names in lower case.
    let fields: [String: String]

    /// Reads the bytes up to the empty line; `nil` when they are no such head.
    init?(_ bytes: [UInt8]) {
        var lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.last == "\r" ? $0.dropLast() : $0 }
        // A CR and a LF are one character to Swift.
        lines = lines.flatMap { $0.split(separator: "\r\n", omittingEmptySubsequences: false) }
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
            (100...599).contains(status)
        else { return nil }
        self.status = status
        var fields: [String: String] = [:]
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[line[..<colon].lowercased()] = String(value)
        }
        self.fields = fields
    }

    /// How the end of the body is known. RFC 9112, section 6.3.
    enum Length: Hashable, Sendable {
        case bytes(Int64)
        case chunked
        case untilClosed
    }

    /// - Returns: `nil` for lengths that contradict each other, or are none.
    var length: Length? {
        if status == 204 || status == 304 { return .bytes(0) }
        if let coding = fields["transfer-encoding"] {
            // With both, two readers may see two bodies.
            return coding.lowercased() == "chunked" && fields["content-length"] == nil ? .chunked : nil
        }
        guard let text = fields["content-length"] else { return .untilClosed }
        guard let size = Int64(text), size >= 0, !text.hasPrefix("+") else { return nil }
        return .bytes(size)
    }
}

/// Where an HTTP request goes.
struct PlainURL: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without brackets.
    let host: String
    let port: UInt16
    /// With the query; begins with a slash.
    let path: String

    init(host: String, port: UInt16, path: String) { (self.host, self.port, self.path) = (host, port, path) }

    /// Reads `HOST` or `HOST:PORT`, as it stands in front of an image's name.
    init?(domain: String, path: String) {
        var (host, port): (Substring, UInt16?) = (domain[...], 80)
        if domain.hasPrefix("["), let end = domain.firstIndex(of: "]") {
            host = domain[domain.index(after: domain.startIndex)..<end]
            let rest = domain[domain.index(after: end)...]
            if !rest.isEmpty { port = rest.hasPrefix(":") ? UInt16(rest.dropFirst()) : nil }
        } else if let colon = domain.lastIndex(of: ":") {
            (host, port) = (domain[..<colon], UInt16(domain[domain.index(after: colon)...]))
        }
        guard let port, !host.isEmpty else { return nil }
        self.init(host: String(host), port: port, path: path)
    }

    /// Reads what a redirection says, relative to this one; `nil` when it leads away from plain HTTP.
    func redirected(to location: String) -> PlainURL? {
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            return PlainURL(host: host, port: port, path: location)
        }
        guard location.lowercased().hasPrefix("http://") else { return nil }
        let rest = location.dropFirst(7)
        let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = String(rest[slash...])
        return PlainURL(domain: String(rest[..<slash]), path: path.hasPrefix("/") ? path : "/" + path)
    }

    var authority: String { (host.contains(":") ? "[\(host)]" : host) + (port == 80 ? "" : ":\(port)") }
    var description: String { "http://\(authority)\(path)" }
}
