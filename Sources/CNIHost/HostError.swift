package import CNISpec
internal import JSON
internal import Kernel

/// Everything the plugin host can fail with.
package enum HostError: Error {
    /// No file of the directory has a network of this name; `known` are those there are.
    case unknownNetwork(name: String, directory: String, known: [String])
    /// A configuration cannot be used; `file` is empty for one that came from elsewhere.
    case configuration(file: String, reason: String)
    /// A name or an argument of the call, or a plugin that is missing: nothing was started.
    case refused(CNIError)
    /// A plugin's own error, or what came in place of one.
    case plugin(PluginFailure)
    /// ADD of what is attached already.
    case attached(AttachmentKey, namespace: String)
    /// CHECK of what is not attached, as far as the cache knows.
    case notAttached(AttachmentKey, directory: String)
    /// GC with a file in the cache which may be that of an attachment, and does not tell of which.
    case noRecord(file: String, network: String)
    /// The operation is younger than the network's version.
    case versionTooOld(CNIVersion, Verb)
    /// The plugin does not list the network's version.
    case unsupportedVersion(plugin: String, CNIVersion)
    /// Somebody wanted it to stop; what was begun is undone, but for `leftovers`.
    case interrupted(signal: Int32, leftovers: [String])
    /// A step failed in the kernel. `step` completes "cannot ...".
    case system(step: String, reason: String)
    /// Several steps failed, each for itself.
    case several([HostError])
}

/// A plugin which did not do what it was asked for.
package struct PluginFailure: Sendable {
    /// The plugin's `type`.
    package let type: String
    package let verb: Verb
    package let error: CNIError
    /// The error object as the plugin printed it; empty when it printed none.
    package let document: [UInt8]
    /// What could not be undone after it, a sentence each.
    package var leftovers: [String] = []
}

extension HostError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .unknownNetwork(let name, let directory, let known):
            known.isEmpty
                ? "no net configurations found in \(directory)"
                : "no net configuration with name \"\(name)\" in \(directory) (there are: "
                    + known.joined(separator: ", ") + ")"
        case .configuration(let file, let reason): file.isEmpty ? reason : "\(file): \(reason)"
        case .refused(let error): "\(error)"
        case .plugin(let failure): "\(failure)"
        case .attached(let key, let namespace):
            "\(key) is attached already (network namespace \(namespace)); DEL comes before another ADD"
        case .notAttached(let key, let directory): "\(key) is not attached: \(directory) has no record of it"
        case .noRecord(let file, let network):
            "\(file) is no record of an attachment, so nobody can tell what of network \(network) is in use; "
                + "nothing was taken away: detach the container it is named after (del), or remove the file if there is none"
        case .versionTooOld(let version, let verb):
            "configuration version \"\(version)\" does not support the \(verb.rawValue) command"
        case .unsupportedVersion(let plugin, let version):
            "plugin \(plugin) does not support config version \"\(version)\""
        case .interrupted(let signal, let leftovers):
            "stopped by signal \(signal), and undone" + (leftovers.isEmpty ? "" : " but for: ")
                + leftovers.joined(separator: "; ")
        case .system(let step, let reason): "cannot \(step): \(reason)"
        case .several(let errors): errors.map { $0.description }.joined(separator: "\n")
        }
    }

    /// The same as the error object of the specification; a plugin's own one as it is.
    package var cniError: CNIError {
        switch self {
        case .refused(let error): error
        case .plugin(let failure): failure.error
        case .unknownNetwork, .configuration: CNIError(.invalidConfiguration, description)
        case .versionTooOld, .unsupportedVersion: CNIError(.incompatibleVersion, description)
        case .notAttached: CNIError(.unknownContainer, description)
        case .system, .noRecord: CNIError(.ioFailure, description)
        case .several(let errors):
            errors.count == 1 ? errors[0].cniError : CNIError(.internalFailure, description)
        case .attached, .interrupted: CNIError(.internalFailure, description)
        }
    }
}

extension PluginFailure: CustomStringConvertible {
    /// In the words of libcni, which callers search for.
    package var description: String {
        let word =
            switch verb {
            case .add: "add"
            case .delete: "delete"
            case .check: "check"
            case .collectGarbage: "gc"
            case .status: "status"
            case .version: "version"
            }
        let text = "plugin type=\"\(type)\" failed (\(word)): \(error)"
        return leftovers.isEmpty ? text : text + " (not undone: \(leftovers.joined(separator: "; ")))"
    }
}

/// Runs one step of the host itself; `name` completes "cannot ...".
func step<Value: ~Copyable>(
    _ name: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(HostError) -> Value {
    do throws(SystemError) { return try body() } catch {
        throw .system(step: name(), reason: "\(error)")
    }
}

/// Checks names as plugins do.
func checked<Value>(_ body: () throws(CNIError) -> Value) throws(HostError) -> Value {
    do throws(CNIError) { return try body() } catch { throw .refused(error) }
}
