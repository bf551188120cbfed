import CNIHost
import CommandWords
import JSON

/// `reload [NETWORK [NETNS]]`: has the plugins put back what somebody took away outside of the containers.
struct ReloadCommand: Command {
    static var verb: Verb {
        Verb(
            "reload", "put back what is missing, for example after the firewall was flushed",
            usage: "[NETWORK [NETNS]]", subject: "network", positionals: 0...2, options: Settings.options,
            details:
                "Runs CHECK for every attachment with APUS_CNI_REPAIR=1, upon which the plugins of Apus repair. Of others, "
                + "and of what is missing inside of a container, it tells.")
    }

    private let network: String?
    private let namespace: String?

    init(_ arguments: Arguments) throws(Failure) {
        network = arguments.positionals.first
        namespace = arguments.positionals.dropFirst().first
    }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        let parameters = try namespace.map { (path) throws(Failure) in try settings.parameters(path) }
        var failures: [Failure] = []
        let entries = try settings.tell { () throws(HostError) in try settings.host.cache.entries() }
        for entry in entries where entry.state == .attached {
            let key = entry.key
            if let network, key.network != network { continue }
            if let parameters,
                key.containerID != parameters.containerID || key.interface != parameters.interface
            {
                continue
            }
            do throws(Failure) {
                let network = try? settings.directory.network(named: key.network)
                try settings.tell { () throws(HostError) in try settings.host.repair(key, network) }
            } catch {
                failures.append(Failure("\(key): \(error.message)", code: error.code))
                if error.code > 128 { break }
                continue
            }
            let text = settings.answersJSON ? key.json.text : "in order: \(key)"
            try printOut(text + "\n")
        }
        try throwAll(failures)
        return 0
    }
}
