public import Kernel

/// What a plugin finds around it, as values, so that a test runs one without a process.
public struct Surroundings {
    public var environment: Environment
    /// Reads standard input to its end.
    public var input: () throws(SystemError) -> [UInt8]
    /// Whether a path leads to the network namespace the plugin is in.
    public var isOwnNamespace: (String) throws(SystemError) -> Bool
    /// Whether a person sees what goes to standard error.
    public var isWatched: Bool

    public init(
        environment: Environment, input: @escaping () throws(SystemError) -> [UInt8],
        isOwnNamespace: @escaping (String) throws(SystemError) -> Bool = { _ in false },
        isWatched: Bool = false
    ) {
        self.environment = environment
        self.input = input
        self.isOwnNamespace = isOwnNamespace
        self.isWatched = isWatched
    }

    /// Those of this process.
    static func ofThisProcess(hasInput: Bool) -> Surroundings {
        Surroundings(
            environment: Environment(words: environmentWords()),
            input: { () throws(SystemError) in try readStandardInput(isOpen: hasInput) },
            isOwnNamespace: leadsHome, isWatched: isTerminal(2))
    }
}

private func readStandardInput(isOpen: Bool) throws(SystemError) -> [UInt8] {
    guard isOpen else {
        throw SystemError(call: "read", subject: "standard input", errno: .badDescriptor)
    }
    return try withStandardInput { (file: borrowing FileDescriptor) throws(SystemError) in try file.readAll()
    }
}

private func leadsHome(_ path: String) throws(SystemError) -> Bool {
    let target: NamespaceIdentity
    do throws(SystemError) { target = try NamespaceIdentity.of(path: path) } catch {
        // A path that leads nowhere does not lead home either: the plugin says so when it goes there.
        let nowhere: [Errno] = [
            .noEntity, .notDirectory, .noProcess, .nameTooLong, .symbolicLink, .accessDenied,
        ]
        // Of any other the plugin cannot tell: it might do to the host what is meant for a container.
        guard nowhere.contains(error.errno) else { throw error }
        return false
    }
    return try target == NamespaceIdentity.ofCurrentNetwork()
}
