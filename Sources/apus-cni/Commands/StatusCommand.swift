import CNIHost
import CommandWords
import JSON

/// `status [NETWORK]`: asks the plugins whether they could serve an add.
struct StatusCommand: Command {
    static var verb: Verb {
        Verb(
            "status", "ask whether a network is ready", usage: "[NETWORK [NETNS]]", subject: "network",
            positionals: 0...2, options: Settings.commonOptions,
            details: "Without NETWORK, of every network. NETNS is accepted and means nothing.")
    }

    private let network: String?

    init(_ arguments: Arguments) throws(Failure) { network = arguments.positionals.first }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        var failures: [Failure] = []
        for network in try settings.networks(network) {
            do throws(Failure) {
                try settings.tell { () throws(HostError) in try settings.host.status(network) }
            } catch {
                failures.append(Failure("\(network.name): \(error.message)", code: error.code))
                continue
            }
            if settings.answersJSON {
                var object = JSONObject()
                object.set("name", network.name)
                object.set("ready", true)
                try printOut(object.value.text + "\n")
            } else {
                try printOut(
                    "\(network.name): ready (\(network.plugins.map(\.type).joined(separator: ", ")))\n")
            }
        }
        try throwAll(failures)
        return 0
    }
}
