internal import JSON

/// What an image is made for. OCI image-spec, image-index.md, "platform".
package struct Platform: Hashable, Sendable, CustomStringConvertible {
    /// As Go names it, for example `linux`.
    package var os: String
    /// As Go names it, for example `amd64` or `arm64`.
    package var architecture: String
    /// The kind of the architecture, for example `v7`; empty when there is only one.
    package var variant: String

    package init(os: String = "linux", architecture: String, variant: String = "") {
        (self.os, self.architecture, self.variant) = (os, architecture, variant)
    }

    /// Reads `linux/arm64/v8`, `linux/amd64` or `arm64`, as a person types it; `nil` for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(words.count), words.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(
            os: words.count > 1 ? words[0] : "linux", architecture: words.count > 1 ? words[1] : words[0],
            variant: words.count > 2 ? words[2] : "")
    }

    init(_ reader: JSONReader) throws(JSONError) {
        os = try reader.optional("os")?.string() ?? "linux"
        architecture = try reader.optional("architecture")?.string() ?? ""
        variant = try reader.optional("variant")?.string() ?? ""
    }

    /// The machine this program was built for.
    package static var host: Platform {
        #if arch(x86_64)
            Platform(architecture: "amd64")
        #elseif arch(arm64)
            Platform(architecture: "arm64", variant: "v8")
        #elseif arch(arm)
            Platform(architecture: "arm", variant: "v7")
        #elseif arch(riscv64)
            Platform(architecture: "riscv64")
        #elseif arch(powerpc64le)
            Platform(architecture: "ppc64le")
        #elseif arch(s390x)
            Platform(architecture: "s390x")
        #else
            #error("this architecture has no name yet")
        #endif
    }

    package var description: String { "\(os)/\(architecture)" + (variant.isEmpty ? "" : "/\(variant)") }

    /// How well this machine runs an image for `other`: the higher, the better; `nil` when it cannot.
    ///
    /// A 32-bit Arm runs what is made for an older one. An amd64 processor may be newer than the first, but nobody said how new.
    func suitability(of other: Platform) -> Int? {
        guard os == other.os, architecture == other.architecture else { return nil }
        let (own, wanted) = (level, other.level)
        return wanted <= own ? wanted : nil
    }

    private var level: Int {
        if let number = variant.hasPrefix("v") ? Int(variant.dropFirst()) : nil { return number }
        return ["arm": 7, "arm64": 8, "amd64": 1][architecture] ?? 0
    }
}
