package import JSON
import Suite

/// The plugin under test, as far as it is known before the first case.
package struct Plugin: Sendable {
    /// The folder with the plugin, and with those it delegates to. An absolute path.
    package var directory: String
    /// The `type` of its configuration, and the name of its program.
    package var type: String
    package var kind: Kind
    /// The members of its configuration beside `cniVersion`, `name` and `type`.
    package var members: [JSONValue.Member]
    /// Commands that prepare the host, for example a link a plugin works on.
    package var preparation: [[String]]
    /// The name of the interface it is called with.
    package var interface: String
    /// The value of `CNI_NETNS` where it is not the container's own namespace.
    package var namespace: String?
    /// The specification versions it says it supports, oldest first.
    package var versions: [String]
    /// Capabilities it takes values of. CONVENTIONS.md
    package var capabilities: [String]

    /// Its interfaces have addresses although no address manager gives them.
    package var givesAddresses: Bool

    /// Whether an interface it makes has addresses.
    var hasAddresses: Bool { givesAddresses || addressManager != nil }

    /// What a plugin does in a chain.
    package enum Kind: String, CaseIterable, Sendable {
        /// Makes an interface in the container.
        case interface
        /// Manages addresses for other plugins.
        case ipam
        /// Changes what another plugin made.
        case chained
        /// Reports a network that others made.
        case joined
    }

    /// Where its program is.
    package var program: String { "\(directory)/\(type)" }

    /// The newest version which both the plugin and this suite know.
    package var newestVersion: String { versions.last(where: knownVersions.contains) ?? "1.1.0" }

    /// Whether it has the operations of `version`.
    func supports(_ version: String) -> Bool { versions.contains(version) }

    /// The `type` of the address manager in its configuration; `nil` when there is none.
    package var addressManager: String? { member("ipam")?.member("type")?.string }

    func member(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}

/// The versions of the specification, oldest first.
let knownVersions = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"]
