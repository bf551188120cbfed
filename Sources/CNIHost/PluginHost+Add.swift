internal import CNISpec
package import JSON
internal import Kernel

extension PluginHost {
    /// Attaches a container to a network: runs ADD of each plugin in order. CNI 1.1.0, "ADD".
    ///
    /// What an ADD of before has left, of a container that has died with the machine or a host that was killed, is taken away first.
    /// `previousResult`: what the first plugin gets as the result before it, for a network of plugins that make no interface
    /// but work on one that another attachment has made.
    /// - Throws: ``HostError``; what was done is undone then, by DEL in reverse order, and nothing is kept.
    package func add(
        _ network: NetworkConfiguration, _ parameters: AttachmentParameters, previousResult: JSONValue? = nil
    ) throws(HostError) -> PluginResult {
        let key = try parameters.key(on: network.name)
        var chain = Chain(network, try find(network.plugins), parameters)
        if let previousResult { try chain.begin(with: previousResult) }
        return try holding(key) { () throws(HostError) in
            try makeRoom(key, network, makesInterface: previousResult == nil)
            return try add(key, chain)
        }
    }

    private func add(_ key: AttachmentKey, _ chain: Chain) throws(HostError) -> PluginResult {
        var chain = chain
        var record = AttachmentRecord(chain.network, chain.parameters, key)
        try cache.announce(record, key)
        do throws(HostError) {
            let result = try addAll(&chain)
            record.result = result.document
            try cache.store(record, key)
            return result
        } catch {
            throw undo(chain, key, after: error)
        }
    }

    /// Runs the plugins; `chain` knows how far it came.
    private func addAll(_ chain: inout Chain) throws(HostError) -> PluginResult {
        while let call = try chain.next() {
            let output = try run(call)
            try chain.take(output, of: call)
        }
        guard let result = chain.result else {
            throw .configuration(file: "", reason: "network \"\(chain.network.name)\" has no plugins")
        }
        if let signal = interruption?.signal(.none) { throw .interrupted(signal: signal, leftovers: []) }
        return result
    }

    /// DEL of every plugin that was started, the failed one first: it may have done a part of its work.
    private func undo(_ chain: Chain, _ key: AttachmentKey, after error: HostError) -> HostError {
        var leftovers: [String] = []
        let previous = try? chain.previousResult()
        for (plugin, path) in chain.toUndo(after: error).reversed() {
            do throws(HostError) {
                try delete(plugin, path, chain.network, chain.parameters, previous ?? nil)
            } catch { leftovers.append("\(error)") }
        }
        if leftovers.isEmpty {
            do throws(HostError) { try cache.remove(key) } catch { leftovers.append("\(error)") }
        }
        switch error {
        case .plugin(var failure):
            failure.leftovers = leftovers
            return .plugin(failure)
        case .interrupted(let signal, _): return .interrupted(signal: signal, leftovers: leftovers)
        default:
            return leftovers.isEmpty
                ? error : .several([error] + leftovers.map { .system(step: "undo", reason: $0) })
        }
    }

    /// Refuses a second ADD of what is there, and takes away what only looks as if it was.
    private func makeRoom(
        _ key: AttachmentKey, _ network: NetworkConfiguration, makesInterface: Bool
    ) throws(HostError) {
        if let other = try cache.holder(of: key) {
            throw .system(step: "keep \(key)", reason: "its file in \(cache.path) is that of \(other)")
        }
        // A plugin which finds the interface there fails, and its DEL could take it away.
        if makesInterface, let other = try cache.neighbour(of: key) {
            throw .attached(other.key, namespace: other.record.namespace)
        }
        guard let entry = try cache.entry(key) else { return }
        guard entry.state != .attached else { throw .attached(key, namespace: entry.record.namespace) }
        try delete(key, entry, network)
    }
}

/// The plugins of an ADD, and how far it came.
struct Chain {
    let network: NetworkConfiguration
    let parameters: AttachmentParameters
    private let programs: [(PluginConfiguration, path: String)]
    private var count = 0
    /// What the last plugin that succeeded answered.
    private(set) var result: PluginResult?

    init(
        _ network: NetworkConfiguration, _ programs: [(PluginConfiguration, path: String)],
        _ parameters: AttachmentParameters
    ) {
        self.network = network
        self.programs = programs
        self.parameters = parameters
    }

    /// Takes the result of another attachment for the first plugin.
    mutating func begin(with document: JSONValue) throws(HostError) {
        do throws(JSONError) { result = try PluginResult(document, version: network.version) } catch {
            throw .configuration(
                file: "", reason: "the result of another attachment cannot be used: \(error)")
        }
    }

    /// The plugins which were started, the last one perhaps without success.
    var started: ArraySlice<(PluginConfiguration, path: String)> { programs.prefix(count) }

    /// The plugins to undo: all that were started, but one which says that what it should make was there.
    func toUndo(after error: HostError) -> ArraySlice<(PluginConfiguration, path: String)> {
        guard case .plugin(let failure) = error, failure.verb == .add,
            failure.error.message.contains("already exists")
        else { return started }
        return started.dropLast()
    }

    /// What the next plugin is given.
    func previousResult() throws(HostError) -> JSONValue? {
        try checked { () throws(CNIError) in try result?.json(network.version) }
    }

    /// The ADD of the next plugin; `nil` behind the last one.
    mutating func next() throws(HostError) -> PluginHost.Call? {
        guard count < programs.count else { return nil }
        let (plugin, path) = programs[count]
        let input = plugin.request(
            in: network, capabilities: parameters.capabilities, previousResult: try previousResult())
        count += 1
        return PluginHost.Call(
            verb: .add, type: plugin.type, path: path, input: input, parameters: parameters)
    }

    /// Takes a plugin's answer for the next one.
    mutating func take(_ output: [UInt8], of call: PluginHost.Call) throws(HostError) {
        do throws(JSONError) {
            let document = try JSONValue(parsing: output, as: .forgiving)
            result = try PluginResult(document, version: network.version)
        } catch {
            throw .plugin(
                PluginFailure(
                    type: call.type, verb: .add,
                    error: CNIError(.decodingFailure, "the plugin's result cannot be used: \(error)"),
                    document: []))
        }
    }
}
