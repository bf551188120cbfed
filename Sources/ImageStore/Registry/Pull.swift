/// How an image is pulled.
package struct PullOptions {
    /// Which one of several it is to be; this machine's when `nil`.
    package var platform: Platform?
    /// Registries spoken to without TLS, as `HOST` or `HOST:PORT`. Those on a loopback address always are.
    package var insecureRegistries: Set<String> = []
    /// Called as the image comes.
    package var progress: (PullProgress) -> Void = { _ in }
    /// How long a registry may be silent, in seconds.
    package var patience: Int32 = 60

    package init() {}
}

/// How far a pull is.
package enum PullProgress: Hashable, Sendable {
    /// The blob is in the store already.
    case present(ContentDigest)
    /// `done` of `total` bytes of a blob have come.
    case receiving(ContentDigest, done: Int64, total: Int64)
    /// skopeo does the work, and does not say how far it is.
    case delegated
}

extension ImageStore {
    /// Pulls an image: over plain HTTP from a registry on this machine or one that is declared insecure, else by skopeo.
    package func pull(
        _ reference: ImageReference, _ options: PullOptions = PullOptions()
    ) throws(ImageError) -> AddedImage {
        let isPlain = isPlain(reference.domain, options)
        let url = isPlain ? PlainURL(domain: reference.domain, path: "/") : nil
        // A name which is in no file needs a resolver, which skopeo has.
        guard let url, !HTTPConnection.addresses(of: url.host).isEmpty else {
            return try pullBySkopeo(reference, options, isPlain: isPlain)
        }
        return try tidily { () throws(ImageError) in
            let registry = RegistryClient(url: url, reference: reference, options: options)
            let candidate = try registry.image(into: blobs)
            return try enter([candidate], reference.familiar)[0]
        }
    }

    private func isPlain(_ domain: String, _ options: PullOptions) -> Bool {
        guard let url = PlainURL(domain: domain, path: "/") else { return false }
        return options.insecureRegistries.contains(domain) || isLoopback(url.host)
    }
}

func isLoopback(_ host: String) -> Bool {
    let isAddress = host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
    return host == "localhost" || host == "::1" || (isAddress && host.hasPrefix("127."))
}
