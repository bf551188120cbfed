internal import JSON
internal import Kernel

/// A directory of network configurations: `*.conflist`, and `*.conf` or `*.json` with one plugin each.
package struct ConfigurationDirectory: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    /// The network called `name`: the first of the lists that has the name, by the order of file names, or else the
    /// first of the single plugins.
    ///
    /// - Throws: ``HostError`` also for a malformed file which stands before it: nobody knows what it was to be.
    package func network(named name: String) throws(HostError) -> NetworkConfiguration {
        for file in try files([".conflist"]) {
            let network = try list(file)
            if network.name == name { return try complete(network, file) }
        }
        for file in try files([".conf", ".json"]) {
            let network = try NetworkConfiguration(upconverting: try read(file), file: file)
            if network.name == name { return network }
        }
        throw .unknownNetwork(name: name, directory: path, known: try networks().map { $0.name })
    }

    /// Every network whose file makes sense, the first of each name, in the order of file names.
    ///
    /// - Throws: ``HostError`` for a file that cannot be read: it may be that of any network.
    package func networks() throws(HostError) -> [NetworkConfiguration] {
        var found: [NetworkConfiguration] = []
        for file in try files([".conflist"]) {
            let network = try sensible(file) { () throws(HostError) in try complete(list(file), file) }
            if let network { found.append(network) }
        }
        for file in try files([".conf", ".json"]) {
            let network = try sensible(file) { () throws(HostError) in
                try NetworkConfiguration(upconverting: try read(file), file: file)
            }
            if let network { found.append(network) }
        }
        var names: Set<String> = []
        return found.filter { names.insert($0.name).inserted }
    }

    /// `nil` for a file which makes no sense, of which is told when its network is asked for, and for a link to nothing.
    private func sensible(
        _ file: String, _ read: () throws(HostError) -> NetworkConfiguration
    ) throws(HostError) -> NetworkConfiguration? {
        do throws(HostError) {
            let isThere = try step(Self.reading) { () throws(SystemError) in try isPresent(file) }
            return isThere ? try read() : nil
        } catch {
            guard case .configuration = error else { throw error }
            return nil
        }
    }

    private static var reading: String { "read a network configuration" }

    private func list(_ file: String) throws(HostError) -> NetworkConfiguration {
        try NetworkConfiguration(parsing: try read(file), file: file)
    }

    /// `network` with the plugins in the directory of its name. CNI 1.1.0, `loadOnlyInlinedPlugins`.
    private func complete(
        _ network: NetworkConfiguration, _ file: String
    ) throws(HostError) -> NetworkConfiguration {
        var network = network
        if !network.loadsOnlyInlinedPlugins {
            let folder = ConfigurationDirectory("\(path)/\(network.name)")
            var added: [PluginConfiguration] = []
            for file in try folder.files([".conf"]) { added.append(try folder.plugin(file)) }
            if !added.isEmpty { network.append(added) }
        }
        guard !network.plugins.isEmpty else {
            throw .configuration(file: file, reason: "no plugin configs found")
        }
        return network
    }

    private func plugin(_ file: String) throws(HostError) -> PluginConfiguration {
        let bytes = try read(file)
        do throws(Malformed) {
            return try PluginConfiguration(JSONReader(try parsed(bytes), as: .forgiving))
        } catch { throw .configuration(file: file, reason: "error parsing configuration: \(error.reason)") }
    }

    private func read(_ file: String) throws(HostError) -> [UInt8] {
        // A fifo among the files must not block.
        try step(Self.reading) { () throws(SystemError) in try readFile(file, .nonBlocking)
        }
    }

    /// Paths of the files with one of `endings`, sorted; none when there is no such directory.
    private func files(_ endings: [String]) throws(HostError) -> [String] {
        do throws(SystemError) {
            let entries = try FileDescriptor.open(path, .directory).entries()
            return entries.filter { entry in
                !entry.isDirectory && endings.contains { entry.name.hasSuffix($0) }
            }.map { "\(path)/\($0.name)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            if [.noEntity, .notDirectory].contains(error.errno) { return [] }
            throw .system(step: "list the network configurations", reason: "\(error)")
        }
    }
}

extension NetworkConfiguration {
    /// Adds plugins of other files. The text becomes that of the whole network, so that a DEL knows of them, too.
    mutating func append(_ added: [PluginConfiguration]) {
        plugins += added
        guard let value = try? parsed(bytes), case .object(let members) = value else { return }
        let others = members.filter { $0.name.lowercased() != "plugins" }
        let all = JSONValue.Member("plugins", .array(plugins.map { .object($0.members) }))
        bytes = Array(JSONValue.object(others + [all]).text.utf8)
    }
}
