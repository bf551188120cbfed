extension ContentDigest {
    /// The names of an image's layers each with all below it, the lowest first. OCI image-spec, config.md, "Layer ChainID".
    ///
    /// Two images which begin with the same layers share them, so they share the unpacked directories.
    static func chain(of diffIDs: [ContentDigest]) -> [ContentDigest] {
        var chain: [ContentDigest] = []
        for diffID in diffIDs {
            chain.append(chain.last.map { ContentDigest(of: Array("\($0) \(diffID)".utf8)) } ?? diffID)
        }
        return chain
    }
}
