import CNIHost
import CommandWords
import JSON
import Kernel

/// `add NETWORK NETNS`: attaches a network namespace to a network and prints the result.
struct AddCommand: Command {
    static var verb: Verb {
        Verb(
            "add", "attach a network namespace to a network", usage: "NETWORK NETNS", subject: "network",
            positionals: 2...2, options: Settings.options,
            details: "Prints the result of the last plugin. When a plugin fails, what was done is undone.")
    }

    private let network: String
    private let namespace: String

    init(_ arguments: Arguments) throws(Failure) {
        network = arguments.positionals[0]
        namespace = arguments.positionals[1]
    }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        let network = try settings.tell { () throws(HostError) in
            try settings.directory.network(named: self.network)
        }
        let parameters = try settings.parameters(namespace)
        try checkNamespace(parameters.namespace)
        warnOfUnused(parameters.capabilities, network)
        let result = try settings.tell { () throws(HostError) in try settings.host.add(network, parameters) }
        let text = settings.answersJSON ? result.document.text : result.document.prettyText(indent: "    ")
        do throws(Failure) { try printOut(text + "\n") } catch {
            // Nobody knows of it: a caller that is told of a failure has nothing to detach.
            try settings.tell { () throws(HostError) in
                try settings.host.delete(network.name, network, parameters)
            }
            throw error
        }
        return 0
    }

    /// A capability nobody asks for is most likely a slip of the pen.
    private func warnOfUnused(_ given: [JSONValue.Member], _ network: NetworkConfiguration) {
        for name in given.map(\.name) where !network.capabilities.contains(name) {
            let wanted = network.capabilities
            printError(
                "\(programName): no plugin of \(network.name) asks for the capability '\(name)'"
                    + (wanted.isEmpty ? "\n" : " (they ask for: \(wanted.joined(separator: ", ")))\n"))
        }
    }
}

/// A namespace that is not there is told of before anything is done.
private func checkNamespace(_ path: String) throws(Failure) {
    guard !path.isEmpty else { throw Failure("NETNS is empty") }
    do throws(SystemError) { _ = try NetworkNamespace(path: path) } catch {
        guard [.noEntity, .notDirectory, .invalidArgument].contains(error.errno) else { return }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let there = (try? listDirectory("/run/netns")) ?? []
        let near = nearest(to: name, in: there).map { " (did you mean /run/netns/\($0)?)" }
        let reason =
            error.errno == .invalidArgument
            ? "\(path) is no network namespace" : "no network namespace at \(path)"
        throw Failure(reason + (near ?? ""))
    }
}
