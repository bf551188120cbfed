internal import CNISpec
internal import JSON
internal import Kernel

extension Dispatcher {
    /// The operation, with every variable it cannot do without.
    func verb(_ command: String) throws(CNIError) -> Verb {
        guard let verb = Verb(rawValue: command) else {
            throw CNIError(
                .invalidEnvironment, "unknown CNI_COMMAND: \(command)",
                details: "allowed: \(Verb.allCases.map { $0.rawValue }.joined(separator: ", "))")
        }
        let missing = verb.requiredVariables.filter { variable($0).isEmpty }
        guard missing.isEmpty else {
            throw CNIError(
                .invalidEnvironment, "required env variables [\(missing.joined(separator: ","))] missing")
        }
        return verb
    }

    /// Container, interface and network namespace as the environment names them; empty where the operation has none.
    struct Names {
        var containerID = ""
        var interface = ""
        var namespace = ""
    }

    func checkedNames(for verb: Verb) throws(CNIError) -> Names {
        guard [.add, .delete, .check].contains(verb) else { return Names() }
        let names = Names(
            containerID: variable("CNI_CONTAINERID"), interface: variable("CNI_IFNAME"),
            namespace: variable("CNI_NETNS"))
        try about("CNI_CONTAINERID") { () throws(CNIError) in try Naming.checkContainerID(names.containerID) }
        try about("CNI_IFNAME") { () throws(CNIError) in try Naming.checkInterfaceName(names.interface) }
        return names
    }

    /// What `check` refuses, with the variable it is about: error 4 names it. CNI 1.1.0, "Error".
    private func about(_ variable: String, _ check: () throws(CNIError) -> Void) throws(CNIError) {
        do throws(CNIError) { try check() } catch {
            throw CNIError(error.code, error.message, details: "\(error.details) (\(variable))")
        }
    }

    /// Standard input, with what is the same for every plugin taken out.
    struct Call {
        let input: [UInt8]
        let reader: JSONReader
        let network: String
        let version: CNIVersion
    }

    func call() throws(CNIError) -> Call {
        let input: [UInt8]
        do throws(SystemError) { input = try surroundings.input() } catch {
            throw CNIError(.ioFailure, "error reading from stdin: \(error)")
        }
        let reader = try decoding { () throws(JSONError) in
            JSONReader(try JSONValue(parsing: input, as: .forgiving), as: .forgiving)
        }
        let name = try decoding { () throws(JSONError) in try reader.optional("name")?.string() ?? "" }
        return Call(input: input, reader: reader, network: name, version: try version(of: reader))
    }

    /// A configuration without a version is of the time before versions.
    private func version(of reader: JSONReader) throws(CNIError) -> CNIVersion {
        let text = try decoding { () throws(JSONError) in try reader.optional("cniVersion")?.string() ?? "" }
        let written = text.isEmpty ? CNIVersion.v0_1_0.rawValue : text
        guard let version = CNIVersion(rawValue: written), P.supportedVersions.contains(version) else {
            let supported = P.supportedVersions.map { "\"\($0)\"" }.joined(separator: " ")
            throw CNIError(
                .incompatibleVersion, "incompatible CNI versions",
                details: "config is \"\(written)\", plugin supports [\(supported)]")
        }
        return version
    }

    func request(_ verb: Verb, _ names: Names, _ call: Call) throws(CNIError) -> Request<P.Configuration> {
        guard call.version >= verb.since else {
            throw CNIError(
                .incompatibleVersion, "config version does not allow \(verb.rawValue)",
                details: "cniVersion is \"\(call.version)\"; \(verb.rawValue) needs \(verb.since) or newer")
        }
        let previous = try previousResult(verb, call)
        return try decoding { () throws(JSONError) in
            Request(
                verb: verb, version: call.version, network: call.network, containerID: names.containerID,
                interface: names.interface, networkNamespace: names.namespace,
                configuration: try P.decode(call.reader), previousResult: previous,
                runtimeConfig: RuntimeConfiguration(try call.reader.object("runtimeConfig")),
                hints: try call.reader.object("args")?.object("cni"),
                validAttachments: verb == .collectGarbage ? try Attachment.valid(in: call.reader) : nil,
                repairs: verb == .check && variable("APUS_CNI_REPAIR") == "1", document: call.reader,
                input: call.input, environment: surroundings.environment)
        }
    }

    private func previousResult(_ verb: Verb, _ call: Call) throws(CNIError) -> CNIResult? {
        do throws(JSONError) {
            // Before 0.4.0 a DEL has none, and what stands there is not one.
            if verb == .delete, call.version < .v0_4_0 { return nil }
            if let reader = try call.reader.optional("prevResult") {
                return try CNIResult(reader, version: call.version)
            }
        } catch {
            // DEL does what it can: a host's cache may be broken.
            guard verb == .delete else { throw cniError(error) }
            note("prevResult is left aside: \(error)")
            return nil
        }
        guard verb != .check else {
            throw CNIError(.invalidConfiguration, "Required prevResult missing")
        }
        return nil
    }

    /// The answer to VERSION, in the version it was asked in.
    func versions() -> JSONValue {
        var object = JSONObject()
        object.set("cniVersion", askedVersion() ?? (P.supportedVersions.last ?? .latest).rawValue)
        object.set("supportedVersions", P.supportedVersions.map { $0.rawValue })
        return object.value
    }

    /// Old hosts send nothing; whatever is not a version then is nothing, too.
    private func askedVersion() -> String? {
        guard let input = try? surroundings.input(), !input.isEmpty,
            let value = try? JSONValue(parsing: input, as: .forgiving),
            let text = try? JSONReader(value, as: .forgiving).optional("cniVersion")?.string(), !text.isEmpty
        else { return nil }
        return text
    }

    private func variable(_ name: String) -> String { surroundings.environment[name] ?? "" }
}

extension Request {
    /// The DEL that follows from this call; without the namespace for the delegates, too.
    func deletion(withNamespace: Bool) -> Request {
        var environment = environment
        environment["CNI_COMMAND"] = Verb.delete.rawValue
        if !withNamespace { environment["CNI_NETNS"] = nil }
        return Request(
            verb: .delete, version: version, network: network, containerID: containerID,
            interface: interface, networkNamespace: withNamespace ? networkNamespace : "",
            configuration: configuration, previousResult: previousResult,
            runtimeConfig: runtimeConfig, hints: hints, validAttachments: validAttachments, repairs: repairs,
            document: document, input: input, environment: environment)
    }
}

extension JSONReader {
    /// The member `name`, which must be an object where it is there.
    fileprivate func object(_ name: String) throws(JSONError) -> JSONReader? {
        let member = try optional(name)
        _ = try member?.members()
        return member
    }
}
