import CNIHost
import CommandWords

/// `check NETWORK NETNS`: asks the plugins whether an attachment is as it was made.
struct CheckCommand: Command {
    static var verb: Verb {
        Verb(
            "check", "check whether an attachment is as it was made", usage: "NETWORK NETNS",
            subject: "network",
            positionals: 2...2, options: Settings.options)
    }

    private let network: String
    private let namespace: String

    init(_ arguments: Arguments) throws(Failure) {
        network = arguments.positionals[0]
        namespace = arguments.positionals[1]
    }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        let configuration = try settings.network(named: network)
        let parameters = try settings.parameters(namespace)
        try settings.tell { () throws(HostError) in
            try settings.host.check(network, configuration, parameters)
        }
        return 0
    }
}
