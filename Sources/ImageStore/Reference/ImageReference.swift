/// The name of an image: where its registry is, what it is called there, and a tag or a digest.
///
/// Names are taken and shown as Docker does: `nginx` is `docker.io/library/nginx:latest`. distribution, reference grammar.
package struct ImageReference: Hashable, Sendable, Comparable {
    /// The registry's host with its port, for example `docker.io` or `localhost:5000`.
    package let domain: String
    /// The repository at the registry, for example `library/nginx`.
    package let path: String
    /// `nil` for a reference by digest alone.
    package let tag: String?
    package let digest: ContentDigest?

    /// Reads a name as a person types it; without tag and digest the tag is `latest`.
    package init(_ text: String) throws(ImageError) {
        var rest = text[...]
        (rest, digest) = try Self.digest(of: rest, text)
        let named: String?
        (rest, named) = Self.tag(of: rest)
        if let named, !Self.isTag(named) {
            throw .invalidReference(
                text, reason: "the tag is letters, digits, and .-_ after the first, at most 128 of them")
        }
        tag = named ?? (digest == nil ? "latest" : nil)
        (domain, path) = try Self.repository(String(rest), text)
    }

    private init(domain: String, path: String, tag: String?, digest: ContentDigest?) {
        (self.domain, self.path, self.tag, self.digest) = (domain, path, tag, digest)
    }

    /// The same repository, by `digest`.
    package func at(_ digest: ContentDigest) -> ImageReference {
        ImageReference(domain: domain, path: path, tag: nil, digest: digest)
    }

    /// The names an image gets which was pulled by this one: `name:tag@digest` pulls the digest, and gives the tag.
    func names(pulledAs digest: ContentDigest) -> [ImageReference] {
        (tag == nil ? [] : [ImageReference(domain: domain, path: path, tag: tag, digest: nil)]) + [at(digest)]
    }

    /// The full name, for example `docker.io/library/nginx:latest`.
    package var canonical: String { "\(domain)/\(path)" + suffix }

    /// The name as a person types it, for example `nginx:latest`.
    package var familiar: String { repository + suffix }

    /// The familiar name without tag and digest.
    package var repository: String {
        guard domain == "docker.io" else { return "\(domain)/\(path)" }
        return path.hasPrefix("library/") && !path.dropFirst(8).contains("/")
            ? String(path.dropFirst(8)) : path
    }

    private var suffix: String { (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }

    package static func < (one: ImageReference, other: ImageReference) -> Bool {
        one.familiar < other.familiar
    }
}

extension ImageReference {
    private static func digest(
        of rest: Substring, _ text: String
    ) throws(ImageError) -> (Substring, ContentDigest?) {
        guard let at = rest.firstIndex(of: "@") else { return (rest, nil) }
        guard let digest = ContentDigest(String(rest[rest.index(after: at)...])) else {
            throw .invalidReference(text, reason: "behind @ stands sha256: and 64 digits of base 16")
        }
        return (rest[..<at], digest)
    }

    /// A colon behind the last slash begins the tag; one before it belongs to a port.
    private static func tag(of rest: Substring) -> (Substring, String?) {
        let name = rest.lastIndex(of: "/").map { rest.index(after: $0) } ?? rest.startIndex
        guard let colon = rest[name...].firstIndex(of: ":") else { return (rest, nil) }
        return (rest[..<colon], String(rest[rest.index(after: colon)...]))
    }

    private static func repository(
        _ name: String, _ text: String
    ) throws(ImageError) -> (domain: String, path: String) {
        guard !name.isEmpty else { throw .invalidReference(text, reason: "it has no name") }
        guard ContentDigest(hex: name) == nil else {
            throw .invalidReference(text, reason: "64 digits of base 16 are an ID, not a name")
        }
        var (domain, path) = ("docker.io", name)
        if let slash = name.firstIndex(of: "/"), isDomain(String(name[..<slash])) {
            (domain, path) = (String(name[..<slash]), String(name[name.index(after: slash)...]))
        }
        if domain == "index.docker.io" { domain = "docker.io" }
        if domain == "docker.io", !path.contains("/") { path = "library/" + path }
        guard path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isComponent) else {
            let hint = path != path.lowercased() ? ": a repository is in lower case" : ""
            throw .invalidReference(
                text, reason: "a name is lower case letters and digits, joined by one of . _ __ - or /\(hint)"
            )
        }
        guard domain.utf8.count + path.utf8.count < 255 else {
            throw .invalidReference(text, reason: "a name has at most 255 characters")
        }
        return (domain, path)
    }

    /// Whether the part before the first slash is a host: only such a one has a dot, a colon or a capital, or is `localhost`.
    private static func isDomain(_ text: String) -> Bool {
        let isMeant =
            text == "localhost" || text.contains(".") || text.contains(":") || text != text.lowercased()
        let ends = [text.utf8.first, text.utf8.last]
        return isMeant && !ends.contains(UInt8(ascii: ".")) && !ends.contains(UInt8(ascii: "-"))
            && text.utf8.allSatisfy { isAlphanumeric($0) || ".-:[]".utf8.contains($0) }
    }

    /// Letters and digits, with single separators between them: a dot, one or two underscores, any number of dashes.
    private static func isComponent(_ text: Substring) -> Bool {
        var separator = ""
        for scalar in text.unicodeScalars {
            if ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                separator = ""
                continue
            }
            guard ("._-".unicodeScalars).contains(scalar), scalar != text.unicodeScalars.first else {
                return false
            }
            separator.unicodeScalars.append(scalar)
            let isAllowed = [".", "_", "__"].contains(separator) || separator.allSatisfy { $0 == "-" }
            guard isAllowed else { return false }
        }
        return !text.isEmpty && separator.isEmpty
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, isWord(first), text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { isWord($0) || ".-".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
