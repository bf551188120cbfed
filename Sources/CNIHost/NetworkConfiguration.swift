package import CNISpec
internal import JSON

/// A network: a name, a version, and the plugins that make it. CNI 1.1.0, "Section 1".
package struct NetworkConfiguration: Hashable, Sendable {
    package let name: String
    /// The newest version of the specification which both the configuration and this host have.
    package let version: CNIVersion
    package internal(set) var plugins: [PluginConfiguration]
    package let disablesCheck: Bool
    package let disablesGarbageCollection: Bool
    /// Whether the plugins in a directory beside the file are left out.
    let loadsOnlyInlinedPlugins: Bool
    /// The text a cache keeps: the file, or what stands for several files.
    package internal(set) var bytes: [UInt8]
}

/// One plugin of a network, as the configuration has it.
package struct PluginConfiguration: Hashable, Sendable {
    /// The name of the program.
    package let type: String
    /// The capabilities the plugin asks for.
    package let capabilities: Set<String>
    /// All of its keys, the unknown ones, too.
    let members: [JSONValue.Member]
}

extension NetworkConfiguration {
    /// Every capability one of the plugins asks for, sorted.
    package var capabilities: [String] {
        plugins.reduce(into: Set<String>()) { $0.formUnion($1.capabilities) }.sorted()
    }

    /// Reads a list of plugins from a text, without what may stand in a directory beside it.
    ///
    /// `file`: what an error calls it.
    package init(parsing bytes: [UInt8], file: String = "") throws(HostError) {
        do throws(Malformed) {
            try self.init(bytes)
        } catch {
            throw .configuration(file: file, reason: "error parsing configuration list: \(error.reason)")
        }
    }

    /// Makes a list of the one plugin in `bytes`, the form before there were lists.
    package init(upconverting bytes: [UInt8], file: String = "") throws(HostError) {
        do throws(Malformed) {
            let plugin = try parsed(bytes)
            let reader = JSONReader(plugin, as: .forgiving)
            guard try reading({ () throws(JSONError) in try reader.optional("plugins") }) == nil else {
                throw Malformed("a list of plugins belongs in a file .conflist")
            }
            _ = try PluginConfiguration(reader)
            var object = JSONObject()
            object.set("cniVersion", try text("cniVersion", in: reader) ?? "")
            object.set("name", try text("name", in: reader) ?? "")
            object.set("plugins", .array([plugin]))
            try self.init(Array(goText(object.value).utf8))
        } catch { throw .configuration(file: file, reason: "error parsing configuration: \(error.reason)") }
    }

    private init(_ bytes: [UInt8]) throws(Malformed) {
        let reader = JSONReader(try parsed(bytes), as: .forgiving)
        guard let name = try text("name", in: reader) else { throw Malformed("no name") }
        do throws(CNIError) { try Naming.checkNetworkName(name) } catch { throw Malformed("\(error)") }
        self.name = name
        version = try Self.version(of: reader)
        disablesCheck = try flag("disableCheck", in: reader)
        disablesGarbageCollection = try flag("disableGC", in: reader)
        loadsOnlyInlinedPlugins = try flag("loadOnlyInlinedPlugins", in: reader)
        self.bytes = bytes
        guard let list = try reading({ () throws(JSONError) in try reader.optional("plugins") }) else {
            if loadsOnlyInlinedPlugins {
                throw Malformed("`loadOnlyInlinedPlugins` is true, and no 'plugins' key")
            }
            plugins = []
            return
        }
        let elements = try reading { () throws(JSONError) in try list.elements() }
        guard !elements.isEmpty else { throw Malformed("no plugins in list") }
        plugins = []
        for (index, element) in elements.enumerated() {
            do throws(Malformed) { plugins.append(try PluginConfiguration(element)) } catch {
                throw Malformed("failed to parse plugin config \(index): \(error.reason)")
            }
        }
    }
}

extension PluginConfiguration {
    /// Reads one plugin's object.
    init(_ reader: JSONReader) throws(Malformed) {
        guard case .object(let members) = reader.value else {
            throw Malformed("\(reader.path): a plugin's configuration is an object")
        }
        guard let type = try text("type", in: reader), !type.isEmpty else {
            throw Malformed("missing 'type'")
        }
        self.type = type
        self.members = members
        capabilities = try reading { () throws(JSONError) in
            var names: Set<String> = []
            for (name, value) in try reader.optional("capabilities")?.members() ?? []
            where try value.boolean() {
                names.insert(name)
            }
            return names
        }
    }
}

/// Why a text is no configuration.
struct Malformed: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

func parsed(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
    let value = try reading { () throws(JSONError) in try JSONValue(parsing: bytes, as: .forgiving) }
    guard case .object = value else { throw Malformed("expected an object") }
    return value
}

func reading<Value>(_ body: () throws(JSONError) -> Value) throws(Malformed) -> Value {
    do throws(JSONError) { return try body() } catch { throw Malformed("\(error)") }
}

private func text(_ name: String, in reader: JSONReader) throws(Malformed) -> String? {
    try reading { () throws(JSONError) in try reader.optional(name)?.string() }
}

/// A boolean, or its name as a string, which libcni takes as well.
private func flag(_ name: String, in reader: JSONReader) throws(Malformed) -> Bool {
    guard let member = try reading({ () throws(JSONError) in try reader.optional(name) }) else {
        return false
    }
    guard case .string(let word) = member.value else {
        return try reading { () throws(JSONError) in try member.boolean() }
    }
    switch word.lowercased() {
    case "true": return true
    case "false": return false
    default: throw Malformed("invalid value \"\(word)\" for \(name)")
    }
}
