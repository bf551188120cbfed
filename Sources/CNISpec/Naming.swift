/// The alphabets of the names a caller gives. CNI 1.1.0, "Parameters", and what every host relies on.
///
/// All three names end up in paths and rules, so they are checked before anything else is done.
public enum Naming {
    /// Checks `CNI_CONTAINERID`: letters, digits, `_`, `.`, `-`, the first a letter or digit; all ASCII.
    public static func checkContainerID(_ id: String) throws(CNIError) {
        guard !id.isEmpty else { throw CNIError(.unknownContainer, "missing containerID") }
        guard isIdentifier(id) else {
            throw CNIError(.invalidEnvironment, "invalid characters in containerID", details: id)
        }
    }

    /// Checks the configuration's `name`, which has the alphabet of a container ID.
    public static func checkNetworkName(_ name: String) throws(CNIError) {
        guard !name.isEmpty else { throw CNIError(.invalidConfiguration, "missing network name") }
        guard isIdentifier(name) else {
            throw CNIError(
                .invalidConfiguration, "invalid characters found in network name", details: name)
        }
    }

    /// Checks `CNI_IFNAME`: 1 to 15 bytes, neither `.` nor `..`, without `/`, `:` and white space.
    public static func checkInterfaceName(_ name: String) throws(CNIError) {
        func refusal(_ reason: String, _ details: String) -> CNIError {
            CNIError(.invalidEnvironment, "interface name \(reason)", details: details)
        }
        if name.isEmpty { throw refusal("is empty", "CNI_IFNAME must not be empty") }
        if name.utf8.count > 15 {
            throw refusal("is too long", "interface name should be less than 16 characters: \(name)")
        }
        if name == "." || name == ".." { throw refusal("is . or ..", name) }
        if name.unicodeScalars.contains(where: isForbidden) {
            throw refusal("contains / or : or whitespace characters", name)
        }
    }

    /// Checks the name of a plugin: one name, not a path. `key`: where the configuration has it.
    public static func checkPluginType(_ type: String, key: String) throws(CNIError) {
        guard !type.contains("/") else {
            throw CNIError(.invalidConfiguration, "invalid plugin name: \(type)", details: key)
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "/" || scalar == ":" || scalar == "\0" || scalar.properties.isWhitespace
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || marks.contains($0) }
    }

    private static let marks = [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")]

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
