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
    fileprivate let input: [UInt8]
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
    public func add() throws(CNIError) -> CNIResult { try start(.add).add() }

    /// Starts the program for an operation which ``StartedIPAM`` asks it for: it gets ready while the caller does
    /// something else. It knows nothing of the network until then, so nothing is done and nothing to take back.
    public func start(_ verb: Verb) throws(CNIError) -> StartedIPAM {
        let program = try program(verb)
        let running = try system { () throws(SystemError) in try program.startWaiting() }
        return StartedIPAM(delegate: self, running: running)
    }

    /// The answer to `ADD` in what the program printed.
    fileprivate func answer(_ result: ProgramResult) throws(CNIError) -> CNIResult {
        let output = try output(result)
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
    }

    /// CNI 1.1.0, "Delegated plugin execution procedure": a failed ADD is followed by DEL.
    fileprivate func takeBack() {
        do throws(CNIError) { try delete() } catch { note("\(type) after a failed ADD: \(error)") }
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
        let program = try program(verb)
        return try output(system { () throws(SystemError) in try program.runWhenWritten() })
    }

    private func program(_ verb: Verb) throws(CNIError) -> Program {
        let path = try find()
        var variables = environment
        variables["CNI_COMMAND"] = verb.rawValue
        var program = Program(path: path, arguments: [path], environment: variables.words)
        program.input = input
        program.collectsOutput = true
        program.repeatsErrors = true
        return program
    }

    fileprivate func output(_ result: ProgramResult) throws(CNIError) -> [UInt8] {
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

/// An address manager which waits to be asked. One that never is ends with this value.
public struct StartedIPAM: ~Copyable {
    fileprivate let delegate: IPAMDelegate
    fileprivate let running: RunningProgram

    /// Like ``IPAMDelegate/add()``, of one started for it.
    public consuming func add() throws(CNIError) -> CNIResult {
        let delegate = delegate
        do throws(CNIError) { return try delegate.answer(finish()) } catch {
            delegate.takeBack()
            throw error
        }
    }

    /// Like ``IPAMDelegate/delete()``, of one started for it.
    public consuming func delete() throws(CNIError) {
        let delegate = delegate
        _ = try delegate.output(finish())
    }

    private consuming func finish() throws(CNIError) -> ProgramResult {
        let input = delegate.input
        do throws(SystemError) { return try running.finish(input: input) } catch {
            throw CNIError(.ioFailure, "\(error)")
        }
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
