import CNIHost
import CommandWords

/// `del NETWORK NETNS`: detaches a network namespace from a network.
struct DelCommand: Command {
    static var verb: Verb {
        Verb(
            "del", "detach a network namespace from a network", usage: "NETWORK NETNS", subject: "network",
            positionals: 2...2, options: Settings.options,
            details: "Uses what is remembered of the add. The namespace need not be there any more; "
                + "nothing attached is no error.")
    }

    private let network: String
    private let namespace: String

    init(_ arguments: Arguments) throws(Failure) {
        network = arguments.positionals[0]
        namespace = arguments.positionals[1]
    }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        let configuration = try settings.network(named: network, tolerant: true)
        let parameters = try settings.parameters(namespace)
        try settings.tell { () throws(HostError) in
            try settings.host.delete(network, configuration, parameters)
        }
        return 0
    }
}
