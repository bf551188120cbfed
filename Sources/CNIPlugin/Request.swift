public import CNISpec
public import JSON
public import Kernel

/// One call of a plugin, decoded and checked.
public struct Request<Configuration: Sendable>: Sendable {
    /// The operation asked for.
    public let verb: Verb
    /// The version of the configuration, in which the answer is written.
    public let version: CNIVersion
    /// The network's `name`.
    public let network: String
    /// Empty for GC and STATUS.
    public let containerID: String
    /// The interface's name in the container; empty for GC and STATUS.
    public let interface: String
    /// The path of the container's network namespace; empty for GC and STATUS, and for DEL when it has gone.
    public let networkNamespace: String
    /// The plugin's own keys.
    public let configuration: Configuration
    /// The result of the plugins before this one; for CHECK and DEL that of the whole chain.
    public let previousResult: CNIResult?
    /// What the runtime gives for this container by capability.
    public let runtimeConfig: RuntimeConfiguration
    /// Optional hints: the member `args.cni` of the configuration.
    public let hints: JSONReader?
    /// For GC: what may stay. Empty means nothing may; `nil` that nothing is known and everything stays.
    public let validAttachments: Set<Attachment>?
    /// For CHECK: what is missing outside the container is to be put back instead of reported.
    public let repairs: Bool
    /// The whole configuration.
    public let document: JSONReader
    /// The whole configuration as it came.
    public let input: [UInt8]
    /// The process's environment.
    public let environment: Environment
}

extension Request {
    /// The container and its interface.
    public var attachment: Attachment { Attachment(containerID: containerID, interface: interface) }

    /// The values of the pairs of `CNI_ARGS` called one of `names`.
    ///
    /// - Throws: ``CNIError`` for a text which is not made of pairs, and for other names unless
    ///   `IgnoreUnknown=1` is among them.
    public func arguments(_ names: [String]) throws(CNIError) -> [String: String] {
        try CNIArguments(environment["CNI_ARGS"] ?? "").values(of: names)
    }

    /// The previous result, which a plugin that only works behind others cannot do without.
    public func requiredPreviousResult() throws(CNIError) -> CNIResult {
        guard let previousResult else {
            throw CNIError(
                .invalidConfiguration, "must be called as chained plugin",
                details: "the configuration has no prevResult: put another plugin before this one")
        }
        return previousResult
    }
}
