internal import ImageStore

/// Which images a list is to have, and how.
package struct ImageQuery: Sendable {
    /// A repository, or a repository and a tag; empty for all.
    package var reference = ""
    package var filters: [String] = []
    package var showsWholeIDs = false
    package var showsDigests = false

    package init() {}
}

extension Images {
    /// The keys a list of images can be filtered by.
    private static let filterKeys = ["before", "dangling", "label", "reference", "since"]

    /// The columns of a list of images.
    package static func columns(_ query: ImageQuery) -> [String] {
        ["Repository", "Tag"] + (query.showsDigests ? ["Digest"] : []) + ["ID", "CreatedSince", "Size"]
    }

    /// Images and their names, the newest first; `now` is RFC 3339.
    package func listing(_ query: ImageQuery, now: String) throws(EngineError) -> Listing {
        var listing = Listing([
            .init("Repository", "REPOSITORY"), .init("Tag", "TAG"), .init("Digest", "DIGEST"),
            .init("ID", "IMAGE ID"), .init("CreatedSince", "CREATED"), .init("CreatedAt", "CREATED AT"),
            .init("Size", "SIZE"), .init("Containers", "CONTAINERS"),
        ])
        let counts = try userCounts()
        for (image, name) in try rows(query) {
            listing.add(
                [
                    name.repository, name.tag, name.digest,
                    query.showsWholeIDs ? "\(image.id)" : image.id.short,
                    age(of: image.configuration.created, now: now), image.configuration.created,
                    decimalSize(image.size), "\(counts[image.id] ?? 0)",
                ], labels: image.configuration.labels)
        }
        return listing
    }

    /// The IDs of the images, each once.
    package func identifiers(_ query: ImageQuery) throws(EngineError) -> [String] {
        var identifiers: [String] = []
        for (image, _) in try rows(query) {
            let id = query.showsWholeIDs ? "\(image.id)" : image.id.short
            if !identifiers.contains(id) { identifiers.append(id) }
        }
        return identifiers
    }

    /// What a line says about a name.
    struct Name: Hashable {
        var repository = "<none>"
        var tag = "<none>"
        var digest = "<none>"

        var shown: String { "\(repository):\(tag)" }
    }

    private func rows(_ query: ImageQuery) throws(EngineError) -> [(image: ImageDetails, name: Name)] {
        let filters = try Filters(query.filters, allowed: Self.filterKeys)
        let dangling = try filters.flag("dangling")
        let images = try all()
        var found: [(image: ImageDetails, name: Name)] = []
        for image in images where try accepts(image, filters, images) {
            guard dangling == nil || dangling == image.tags.isEmpty else { continue }
            for name in names(of: image) where matches(name, query.reference, filters) {
                found.append((image, name))
            }
        }
        // The newest first; those of one image stay together.
        return found.sorted {
            (Self.moment($0.image), $1.image.id, $1.name.shown) > (
                Self.moment($1.image), $0.image.id, $0.name.shown
            )
        }
    }

    private static func moment(_ image: ImageDetails) -> Int64 {
        Moment(image.configuration.created)?.seconds ?? 0
    }

    private func accepts(
        _ image: ImageDetails, _ filters: Filters, _ images: [ImageDetails]
    ) throws(EngineError) -> Bool {
        guard filters.admitLabels(image.configuration.labels) else { return false }
        for text in filters.values(of: "before") {
            guard Self.moment(image) < Self.moment(try self.image(text)) else { return false }
        }
        for text in filters.values(of: "since") {
            guard Self.moment(image) > Self.moment(try self.image(text)) else { return false }
        }
        return true
    }

    private func names(of image: ImageDetails) -> [Name] {
        let digests = image.digests.compactMap { try? ImageReference($0) }
        var names: [Name] = []
        for text in image.tags {
            guard let reference = try? ImageReference(text) else { continue }
            let digest = digests.first { $0.repository == reference.repository }?.digest
            names.append(
                Name(
                    repository: reference.repository, tag: reference.tag ?? "<none>",
                    digest: digest.map { "\($0)" } ?? "<none>"))
        }
        for reference in digests where !names.contains(where: { $0.repository == reference.repository }) {
            names.append(
                Name(repository: reference.repository, digest: reference.digest.map { "\($0)" } ?? "<none>"))
        }
        return names.isEmpty ? [Name()] : names
    }

    private func matches(_ name: Name, _ reference: String, _ filters: Filters) -> Bool {
        let patterns = filters.values(of: "reference") + (reference.isEmpty ? [] : [reference])
        return patterns.allSatisfy { pattern in
            let whole = pattern.contains(":") ? "\(name.repository):\(name.tag)" : name.repository
            return matchesPattern(whole, pattern)
        }
    }
}

/// Whether `text` is what `pattern` describes, in which `*` is anything but a slash, and `?` one such character.
func matchesPattern(_ text: String, _ pattern: String) -> Bool {
    var states: Set<Int> = [0]
    let pattern = Array(pattern)
    func reach(_ index: Int, _ set: inout Set<Int>) {
        set.insert(index)
        if index < pattern.count, pattern[index] == "*" { reach(index + 1, &set) }
    }
    reach(0, &states)
    for character in text {
        var next: Set<Int> = []
        for state in states where state < pattern.count {
            switch pattern[state] {
            case "*" where character != "/": reach(state, &next)
            case "?" where character != "/": reach(state + 1, &next)
            case character: reach(state + 1, &next)
            default: break
            }
        }
        states = next
    }
    return states.contains(pattern.count)
}
