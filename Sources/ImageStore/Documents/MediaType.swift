internal import JSON

/// What a document or blob is. OCI image-spec, media-types.md; Docker's registry, image manifest version 2, schema 2.
enum MediaType {
    static let index = "application/vnd.oci.image.index.v1+json"
    static let manifest = "application/vnd.oci.image.manifest.v1+json"
    static let configuration = "application/vnd.oci.image.config.v1+json"
    static let dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"
    static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"

    /// What a registry is asked for.
    static let documents = [manifest, index, dockerManifest, dockerList]

    static let configurations = [configuration, "application/vnd.docker.container.image.v1+json"]

    /// Whether a blob of this type is a layer of a file system.
    static func isLayer(_ type: String) -> Bool {
        type.hasPrefix("application/vnd.oci.image.layer.")
            || type.hasPrefix("application/vnd.docker.image.rootfs.")
    }

    /// The type of a layer which is compressed like this.
    static func layer(_ compression: Compression) -> String {
        switch compression {
        case .gzip: "application/vnd.oci.image.layer.v1.tar+gzip"
        case .zstd: "application/vnd.oci.image.layer.v1.tar+zstd"
        case .none, .bzip2, .xz: "application/vnd.oci.image.layer.v1.tar"
        }
    }

    /// What the bytes of a manifest say they are.
    static func of(_ manifest: [UInt8]) -> String {
        guard let value = try? JSONValue(parsing: manifest),
            let member = try? JSONReader(value).optional("mediaType"), let type = try? member.string()
        else { return Self.manifest }
        return type
    }
}
