internal import ImageStore
package import JSON

extension Images {
    /// What `image inspect` shows, in Docker's words.
    package func inspected(_ text: String) throws(EngineError) -> JSONValue {
        let image = try image(text)
        let configuration = image.configuration
        var object = JSONObject()
        object.set("Id", "\(image.id)")
        object.set("RepoTags", JSONValue.array(image.tags.map { .string($0) }))
        object.set("RepoDigests", JSONValue.array(image.digests.map { .string($0) }))
        object.set("Parent", "")
        object.set("Comment", configuration.history.last?.comment ?? "")
        object.set("Created", configuration.created)
        object.set("DockerVersion", "")
        object.set("Author", configuration.author)
        object.set("Architecture", configuration.platform.architecture)
        object.set(
            "Variant", configuration.platform.variant.isEmpty ? nil : configuration.platform.variant)
        object.set("Os", configuration.platform.os)
        object.set("Size", image.size)
        object.set("GraphDriver", graphDriver(image))
        object.set("RootFS", rootFS(configuration))
        object.set("Metadata", JSONValue.object([.init("LastTagTime", .string("0001-01-01T00:00:00Z"))]))
        object.set("Config", configuration.config.value)
        return object.value
    }

    private func graphDriver(_ image: ImageDetails) -> JSONValue {
        let layers = image.chain.reversed().map { "\(store.root)/layers/\($0.hex)/diff" }
        var data = JSONObject()
        if layers.count > 1 { data.set("LowerDir", layers.dropFirst().joined(separator: ":")) }
        data.set("UpperDir", layers.first)
        return .object([.init("Data", data.value), .init("Name", .string("overlay2"))])
    }

    private func rootFS(_ configuration: ImageConfiguration) -> JSONValue {
        .object([
            .init("Type", .string("layers")),
            .init("Layers", .array(configuration.diffIDs.map { .string("\($0)") })),
        ])
    }

    /// The steps an image was made in, the last one first; `now` is RFC 3339.
    package func history(_ text: String, now: String, showsAll: Bool) throws(EngineError) -> Listing {
        let image = try image(text)
        let sizes = try EngineError.images { () throws(ImageError) in try store.layerSizes(of: image) }
        var listing = Listing([
            .init("ID", "IMAGE"), .init("CreatedSince", "CREATED"), .init("CreatedAt", "CREATED AT"),
            .init("CreatedBy", "CREATED BY"), .init("Size", "SIZE"), .init("Comment", "COMMENT"),
        ])
        var layer = 0
        var rows: [[String]] = []
        for step in image.configuration.history {
            var size: Int64 = 0
            if !step.isEmptyLayer, layer < sizes.count {
                size = sizes[layer]
                layer += 1
            }
            let command = step.createdBy.split(separator: "\n").joined(separator: " ")
            rows.append([
                "<missing>", age(of: step.created, now: now), step.created,
                showsAll ? command : shortened(command, to: 45), decimalSize(size), step.comment,
            ])
        }
        if !rows.isEmpty { rows[rows.count - 1][0] = showsAll ? "\(image.id)" : image.id.short }
        for row in rows.reversed() { listing.add(row) }
        return listing
    }
}
