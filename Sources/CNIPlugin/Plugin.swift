public import CNISpec
public import JSON

/// A CNI plugin: five operations, all of which must be answered. CNI 1.1.0, "Section 2".
///
/// There are no defaults on purpose: a plugin with nothing to do for an operation says so in one line.
/// `VERSION` is answered for it, and ``main()`` makes a program of it.
public protocol Plugin {
    /// The plugin's own part of the network configuration.
    associatedtype Configuration: Sendable

    /// The `type` of the configuration and the name of the program.
    static var name: String { get }
    /// What the program says of itself, in the form of semver.org. ``pluginVersion`` for those of this package.
    static var version: String { get }
    /// What a person who starts the program by hand should know: what it does, and its keys.
    static var help: String { get }
    /// Specification versions the plugin accepts, oldest first.
    static var supportedVersions: [CNIVersion] { get }
    /// Whether `CNI_NETNS` may be the plugin's own network namespace. `false` for everybody but those made for it.
    static var worksInOwnNamespace: Bool { get }

    /// Reads the plugin's own keys from the whole configuration. Unknown keys are not an error.
    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration

    /// Makes or changes the interface, and answers what there is now. `ADD`.
    ///
    /// A throw leaves nothing behind.
    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult
    /// Takes away what ``add(_:)`` made; what is missing already is no error. `DEL`.
    static func delete(_ request: Request<Configuration>) throws(CNIError)
    /// Says whether all is as ``add(_:)`` left it. `CHECK`; the request has a previous result.
    static func check(_ request: Request<Configuration>) throws(CNIError)
    /// Takes away what belongs to no valid attachment of the network. `GC`.
    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError)
    /// Says whether an ADD could be served now. `STATUS`.
    static func status(_ request: Request<Configuration>) throws(CNIError)
}

extension Plugin {
    public static var version: String { pluginVersion }
    public static var worksInOwnNamespace: Bool { false }
}

/// What the plugins of this package say of themselves.
///
/// The number is that of the reference plugins whose behaviour they have, because hosts compare it; our own
/// version stands behind it.
public let pluginVersion = "1.9.1+apus.0.1.0"
