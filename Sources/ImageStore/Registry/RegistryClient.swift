internal import JSON

/// Gets an image from a registry over plain HTTP. OCI distribution-spec, "Pull".
struct RegistryClient {
    let url: PlainURL
    let reference: ImageReference
    let options: PullOptions

    private static let largestDocument = 4 << 20

    /// The image, whose blobs are in the store then. Every blob has the size and the digest that were announced.
    func image(into blobs: BlobStore) throws(ImageError) -> ImageCandidate {
        let name = reference.digest.map { "\($0)" } ?? reference.tag ?? "latest"
        let (digest, bytes) = try document(name, expected: reference.digest)
        var (document, manifestBytes) = (try ImageDocument(bytes, "\(manifestURL(name))"), bytes)
        for _ in 0..<4 {
            guard case .index(let index) = document else { break }
            let platform = options.platform ?? .host
            guard let best = index.best(for: platform) else {
                throw .noPlatform(
                    image: reference.familiar, wanted: "\(platform)", available: index.platforms)
            }
            manifestBytes = try self.document("\(best.digest)", expected: best.digest).bytes
            document = try ImageDocument(manifestBytes, "\(manifestURL("\(best.digest)"))")
        }
        guard case .manifest(let manifest) = document else {
            throw .registry(url: "\(manifestURL(name))", reason: "too many indexes in one another")
        }
        for blob in [manifest.configuration] + manifest.layers { try fetch(blob, into: blobs) }
        // By the digest of what the registry answered, an index or not, the image can be asked for again.
        return ImageCandidate(
            document: manifestBytes, manifest: manifest, names: reference.names(pulledAs: digest))
    }

    private func manifestURL(_ name: String) -> PlainURL { location("manifests/\(name)") }

    private func location(_ path: String) -> PlainURL {
        PlainURL(host: url.host, port: url.port, path: "/v2/\(reference.path)/\(path)")
    }

    private func document(
        _ name: String, expected: ContentDigest?
    ) throws(ImageError) -> (digest: ContentDigest, bytes: [UInt8]) {
        let answer = try get(manifestURL(name), accept: MediaType.documents)
        let bytes = try answer.wholeBody(atMost: Self.largestDocument)
        let digest = ContentDigest(of: bytes)
        let announced = answer.head.fields["docker-content-digest"].flatMap { ContentDigest($0) }
        guard digest == expected ?? announced ?? digest else {
            throw .registry(
                url: "\(manifestURL(name))",
                reason: "the manifest's digest is \(digest), not the announced one")
        }
        return (digest, bytes)
    }

    private func fetch(_ blob: Descriptor, into blobs: BlobStore) throws(ImageError) {
        if try blobs.checked(blob.digest, size: blob.size) != nil {
            return options.progress(.present(blob.digest))
        }
        let place = location("blobs/\(blob.digest)")
        let answer = try get(place, accept: [])
        var done: Int64 = 0
        options.progress(.receiving(blob.digest, done: 0, total: blob.size))
        _ = try blobs.add("\(place)", expected: blob.digest, size: blob.size) { () throws(ImageError) in
            let bytes = try answer.body(upTo: 1 << 18)
            done += Int64(bytes.count)
            if !bytes.isEmpty { options.progress(.receiving(blob.digest, done: done, total: blob.size)) }
            return bytes
        }
    }

    /// An answer with status 200, after redirections to hosts which may be spoken to like this.
    private func get(_ url: PlainURL, accept: [String]) throws(ImageError) -> HTTPConnection {
        var place = url
        for _ in 0..<5 {
            let patience = HTTPConnection.Patience(readMilliseconds: options.patience &* 1000)
            let answer = try HTTPConnection(get: place, accept: accept, patience)
            guard [301, 302, 303, 307, 308].contains(answer.head.status) else {
                if answer.head.status == 200 { return answer }
                throw try failure(answer, place)
            }
            let location = answer.head.fields["location"] ?? ""
            guard let next = place.redirected(to: location), isAllowed(next) else {
                throw .registry(
                    url: "\(place)",
                    reason:
                        "it redirects to \(location), which is neither a loopback address nor declared insecure"
                )
            }
            place = next
        }
        throw .registry(url: "\(url)", reason: "too many redirections")
    }

    private func isAllowed(_ next: PlainURL) -> Bool {
        next.host == url.host || isLoopback(next.host) || options.insecureRegistries.contains(next.authority)
    }

    private func failure(_ answer: HTTPConnection, _ place: PlainURL) throws(ImageError) -> ImageError {
        if answer.head.status == 401 || answer.head.status == 403 {
            return .registry(
                url: "\(place)",
                reason:
                    "the registry wants credentials, which are only given over TLS: use an https registry (through skopeo)"
            )
        }
        let body = (try? answer.wholeBody(atMost: 1 << 16)) ?? []
        let errors = try? JSONReader(JSONValue(parsing: body)).optional("errors")?.elements().first
        let code = try? errors?.optional("code")?.string()
        let text = try? errors?.optional("message")?.string()
        let words = [code, text].compactMap { $0 }.joined(separator: ": ")
        return .registry(
            url: "\(place)", reason: "status \(answer.head.status)" + (words.isEmpty ? "" : " (\(words))"))
    }
}
