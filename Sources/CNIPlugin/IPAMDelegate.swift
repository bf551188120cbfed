public import CNISpec
internal import JSON
internal import Kernel

/// The address manager of a network: the plugin `ipam.type` names, run as a child process. CNI 1.1.0, "Section 4".
///
/// It gets the whole configuration and the same environment; only the operation is another where one follows
/// from another. What it writes to standard error goes to this plugin's, and its errors are thrown as they are.
public struct IPAMDelegate: Sendable {
    /// The program's name.
    public let type: String
    private let version: CNIVersion
    private let input: [UInt8]
    private let environment: Environment

    init(type: String, version: CNIVersion, input: [UInt8], environment: Environment) {
        self.type = type
        self.version = version
        self.input = input
        self.environment = environment
    }

    /// Asks for the addresses, gateways and routes of the interface. `ADD`.
    ///
    /// - Throws: ``CNIError`` also when it answers no address. Nothing stays reserved after a throw.
    public func add() throws(CNIError) -> CNIResult {
        do throws(CNIError) {
            let output = try run(.add)
            let result = try decoding { () throws(JSONError) in
                let value = try JSONValue(parsing: output, as: .forgiving)
                return try CNIResult(JSONReader(value, as: .forgiving), version: version)
            }
            guard !result.addresses.isEmpty else {
                throw CNIError(
                    .invalidConfiguration, "IPAM plugin returned missing IP config",
                    details: "\(type) answered no address")
            }
            return result
        } catch {
            // CNI 1.1.0, "Delegated plugin execution procedure": a failed ADD is followed by DEL.
            do throws(CNIError) { _ = try run(.delete) } catch {
                note("\(type) after a failed ADD: \(error)")
            }
            throw error
        }
    }

    /// Gives the addresses back. `DEL`.
    public func delete() throws(CNIError) { _ = try run(.delete) }

    /// Asks whether the addresses are still reserved. `CHECK`.
    public func check() throws(CNIError) { _ = try run(.check) }

    /// Gives back what belongs to no valid attachment. `GC`.
    public func collectGarbage() throws(CNIError) { _ = try run(.collectGarbage) }

    /// Asks whether there are addresses to have. `STATUS`.
    public func status() throws(CNIError) { _ = try run(.status) }

    private func run(_ verb: Verb) throws(CNIError) -> [UInt8] {
        let path = try find()
        var variables = environment
        variables["CNI_COMMAND"] = verb.rawValue
        var program = Program(
            path: path, arguments: [path], environment: variables.words)
        program.input = input
        program.collectsOutput = true
        program.repeatsErrors = true
        let result = try system { () throws(SystemError) in try program.runWhenWritten() }
        guard result.status == .exited(0) else {
            throw CNIError(
                output: result.output, errorText: result.errorText,
                ending: result.status?.text ?? "it took too long")
        }
        return result.output
    }

    private func find() throws(CNIError) -> String {
        try Naming.checkPluginType(type, key: "ipam.type")
        let directories = (environment["CNI_PATH"] ?? "").split(separator: ":").map(String.init)
        guard let path = findFile(type, in: directories) else {
            throw CNIError(missingPlugin: type, directories: directories, key: "ipam.type")
        }
        return path
    }
}

extension Request {
    /// The address manager of the configuration; `nil` when it names none, so the interface gets no addresses.
    public func ipamDelegate() throws(CNIError) -> IPAMDelegate? {
        let type = try decoding { () throws(JSONError) in
            try document.optional("ipam")?.optional("type")?.string() ?? ""
        }
        guard !type.isEmpty else { return nil }
        return IPAMDelegate(type: type, version: version, input: input, environment: environment)
    }
}
