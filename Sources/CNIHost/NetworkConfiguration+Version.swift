internal import CNISpec
internal import JSON

extension NetworkConfiguration {
    /// The version to talk to the plugins in: the newest one this host has of `cniVersion` and `cniVersions`.
    ///
    /// Without either it is the oldest, from the time before there were versions.
    static func version(of reader: JSONReader) throws(Malformed) -> CNIVersion {
        let single = try reading { () throws(JSONError) in try reader.optional("cniVersion")?.string() ?? "" }
        let list = try reading { () throws(JSONError) in try reader.optional("cniVersions")?.strings() ?? [] }
        var best: CNIVersion?
        for (index, text) in list.enumerated() {
            guard isVersion(text) else {
                throw Malformed("invalid cniVersions entry \(text) at index \(index)")
            }
            if let version = CNIVersion(rawValue: text) { best = max(best ?? version, version) }
        }
        if let version = CNIVersion(rawValue: single) { return max(best ?? version, version) }
        if let best { return best }
        guard single.isEmpty, list.isEmpty else {
            let written = single.isEmpty ? list.joined(separator: ", ") : single
            let known = CNIVersion.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw Malformed("cniVersion \(written) is not one this host has (it has \(known))")
        }
        return .v0_1_0
    }

    /// One to three numbers with points between them.
    private static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...3).contains(parts.count)
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }
}
