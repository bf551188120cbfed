internal import CNISpec
internal import JSON
package import Kernel

/// Runs the plugins of a network for a container, and remembers what they did. CNI 1.1.0, "Section 3".
///
/// Its operations may run at the same time in any number of processes: those on one container wait for one another,
/// and GC waits until nothing else is done to its network. Nothing is printed but what plugins write to standard error.
package struct PluginHost {
    /// Where plugins are looked for, in order. `CNI_PATH`.
    package var directories: [String]
    package var cache: AttachmentCache
    /// Milliseconds a plugin may take before it is killed; `nil` is any time.
    package var timeout: Int32?
    /// What plugins inherit.
    package var environment: Environment
    /// How somebody can stop it; `nil` for a caller which does not want its signals taken.
    package var interruption: Interruption?

    package init(
        directories: [String], cache: AttachmentCache = AttachmentCache(), timeout: Int32? = nil,
        environment: Environment = Environment(words: environmentWords()), interruption: Interruption? = nil
    ) {
        self.directories = directories
        self.cache = cache
        self.timeout = timeout
        self.environment = environment
        self.interruption = interruption
    }
}

extension PluginHost {
    /// The program of the plugin `type`: the first file of the name in ``directories``.
    package func find(_ type: String) throws(HostError) -> String {
        try checked { () throws(CNIError) in
            try Naming.checkPluginType(type, key: "type")
            guard let path = findFile(type, in: directories) else {
                throw CNIError(missingPlugin: type, directories: directories, key: "type")
            }
            return path
        }
    }

    /// The programs of a network's plugins, in order.
    func find(_ plugins: [PluginConfiguration]) throws(HostError) -> [(PluginConfiguration, path: String)] {
        var found: [(PluginConfiguration, path: String)] = []
        for plugin in plugins { found.append((plugin, try find(plugin.type))) }
        return found
    }

    /// One call of a plugin.
    struct Call {
        let verb: Verb
        let type: String
        let path: String
        let input: [UInt8]
        /// `nil` for the operations that are about no container.
        var parameters: AttachmentParameters?
        var patience = Interruption.Patience.none
        var repairs = false
    }

    /// Runs a plugin to its end and answers what it printed.
    ///
    /// - Throws: ``HostError/plugin(_:)`` with its own error, or ``HostError/interrupted(signal:leftovers:)``.
    @discardableResult
    func run(_ call: Call) throws(HostError) -> [UInt8] {
        if let signal = interruption?.signal(call.patience) {
            throw .interrupted(signal: signal, leftovers: [])
        }
        var program = Program(path: call.path, arguments: [call.path], environment: variables(call).words)
        program.input = call.input
        program.timeout = timeout
        program.collectsOutput = true
        program.repeatsErrors = true
        program.isSupervised = true
        let result: ProgramResult
        do throws(SystemError) {
            result = try program.runWhenWritten(until: interruption?.request(call.patience))
        } catch { throw failure(call, CNIError(.ioFailure, "netplugin cannot be started: \(error)")) }
        guard let status = result.status else {
            if let signal = interruption?.signal(call.patience) {
                throw .interrupted(signal: signal, leftovers: [])
            }
            let limit = "it took longer than \(seconds(timeout ?? 0)) and was killed"
            throw failure(call, CNIError(.tryAgainLater, "netplugin failed: \(limit)"))
        }
        guard status != .exited(0) else { return result.output }
        let error = CNIError(output: result.output, errorText: result.errorText, ending: status.text)
        throw failure(call, error, isErrorObject(result.output) ? result.output : [])
    }

    private func failure(_ call: Call, _ error: CNIError, _ document: [UInt8] = []) -> HostError {
        .plugin(PluginFailure(type: call.type, verb: call.verb, error: error, document: document))
    }

    /// Every variable of the protocol is set, so that none of the caller's own shines through.
    private func variables(_ call: Call) -> Environment {
        var variables = environment
        // Old plugins look for these even in VERSION.
        let absent = call.verb == .version ? "dummy" : ""
        variables["CNI_COMMAND"] = call.verb.rawValue
        variables["CNI_CONTAINERID"] = call.parameters?.containerID ?? ""
        variables["CNI_NETNS"] = call.parameters?.namespace ?? absent
        variables["CNI_IFNAME"] = call.parameters?.interface ?? absent
        variables["CNI_ARGS"] = call.parameters?.argumentText ?? ""
        variables["CNI_PATH"] = call.verb == .version ? absent : directories.joined(separator: ":")
        if call.repairs { variables["APUS_CNI_REPAIR"] = "1" }
        return variables
    }
}

/// Whether a plugin's output is the error object it should be.
private func isErrorObject(_ output: [UInt8]) -> Bool {
    guard case .object = try? JSONValue(parsing: output, as: .forgiving) else { return false }
    return true
}

private func seconds(_ milliseconds: Int32) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
}
