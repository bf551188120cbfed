import CNIHost
import CNISpec
import CommandWords
import JSON

/// `gc [NETWORK]`: takes away what belongs to attachments whose namespaces have gone.
struct GCCommand: Command {
    static var verb: CommandWords.Verb {
        CommandWords.Verb(
            "gc", "take away what is left of namespaces that have gone", usage: "[NETWORK [NETNS]]",
            subject: "network", positionals: 0...2,
            options: Settings.commonOptions + [
                .flag("dry-run", short: "n", "only say what would be taken away")
            ],
            details:
                "Without NETWORK, of every network. An attachment stays when its network namespace is there, and no other "
                + "one does: what was attached with another --cache-dir is taken away. NETNS is accepted and means nothing."
        )
    }

    private let network: String?
    private let isDryRun: Bool

    init(_ arguments: Arguments) throws(Failure) {
        network = arguments.positionals.first
        isDryRun = arguments.flag("dry-run")
    }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        var removed: [AttachmentKey] = []
        var failures: [Failure] = []
        for network in try settings.networks(network) {
            do throws(Failure) {
                removed += try settings.tell { () throws(HostError) in try collect(network, settings.host) }
            } catch { failures.append(error) }
        }
        if settings.answersJSON {
            if failures.isEmpty { try printOut(JSONValue.array(removed.map { $0.json }).text + "\n") }
        } else {
            try printOut(removed.map { "\(isDryRun ? "would remove" : "removed") \($0)\n" }.joined())
        }
        try throwAll(failures)
        return 0
    }

    private func collect(
        _ network: NetworkConfiguration, _ host: PluginHost
    ) throws(HostError) -> [AttachmentKey] {
        guard isDryRun else {
            return try host.collectGarbage(network) { entries in
                Set(entries.filter(isValid).map { $0.attachment })
            }
        }
        guard !network.disablesGarbageCollection else { return [] }
        return try host.cache.allEntries(network: network.name).filter { !isValid($0) }.map { $0.key }
    }

    private func isValid(_ entry: AttachmentCache.Entry) -> Bool { entry.state == .attached }
}

/// Ends the command with all that went wrong.
func throwAll(_ failures: [Failure]) throws(Failure) {
    guard let first = failures.first else { return }
    throw Failure(failures.map(\.message).joined(separator: "\n\(programName): "), code: first.code)
}
