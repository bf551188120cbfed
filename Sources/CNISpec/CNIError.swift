public import JSON

/// The error object a plugin prints, and the host reads back. CNI 1.1.0, section "Error".
public struct CNIError: Error, Hashable, Sendable {
    public let code: Code
    /// One sentence for a person. Names the bad key and value where the specification asks for it.
    public let message: String
    /// Longer text; empty when there is none.
    public let details: String

    public init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    /// The error in a plugin's answer. Missing members are 0 and empty: old plugins are sloppy about them.
    public init(_ reader: JSONReader) throws(JSONError) {
        code = Code(rawValue: Int(clamping: try reader.optional("code")?.integer() ?? 0))
        message = try reader.optional("msg")?.string() ?? ""
        details = try reader.optional("details")?.string() ?? ""
    }

    /// The object of the specification, as `version` writes it.
    public func json(_ version: CNIVersion) -> JSONValue {
        var object = JSONObject()
        object.set("cniVersion", version.rawValue)
        object.set("code", code.rawValue)
        object.set("msg", message)
        object.set("details", details.isEmpty ? nil : details)
        return object.value
    }
}

extension CNIError: CustomStringConvertible {
    /// Message and details, as hosts show them.
    public var description: String { details.isEmpty ? message : "\(message); \(details)" }
}

extension CNIError {
    /// A CNI error number. 1-99 belong to the specification, 100 and up to the plugin.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// The plugin does not support the configuration's `cniVersion`, or the operation in it.
        public static let incompatibleVersion = Code(rawValue: 1)
        /// A key or value this plugin cannot do. The message holds both.
        public static let unsupportedField = Code(rawValue: 2)
        /// The container does not exist, so no DEL is needed.
        public static let unknownContainer = Code(rawValue: 3)
        /// A variable of the environment is missing or wrong. The message names it.
        public static let invalidEnvironment = Code(rawValue: 4)
        /// Reading or writing failed: a file, a socket, standard input.
        public static let ioFailure = Code(rawValue: 5)
        /// Text which should be JSON of a known shape is not.
        public static let decodingFailure = Code(rawValue: 6)
        /// A value of the configuration cannot be accepted.
        public static let invalidConfiguration = Code(rawValue: 7)
        /// `CNI_NETNS` is the plugin's own network namespace. Not in the specification's table, but in its Go types.
        public static let invalidNetworkNamespace = Code(rawValue: 8)
        /// Something transient is in the way.
        public static let tryAgainLater = Code(rawValue: 11)
        /// STATUS: no ADD can be served.
        public static let unavailable = Code(rawValue: 50)
        /// STATUS: no ADD can be served, and containers which have the network may have lost it.
        public static let limitedConnectivity = Code(rawValue: 51)
        /// The first number which is a plugin's own: what it was asked to find or make is not as it should be.
        public static let pluginSpecific = Code(rawValue: 100)
        /// Anything else. What plugins in Go answer for an error without a number.
        public static let internalFailure = Code(rawValue: 999)
    }
}
