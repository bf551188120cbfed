import CNIHost
import CNISpec
import CommandWords
import JSON

/// `list [NETWORK]`: prints the attachments the cache remembers.
struct ListCommand: Command {
    static var verb: CommandWords.Verb {
        CommandWords.Verb(
            "list", "list the attachments", usage: "[NETWORK]", subject: "network", positionals: 0...1,
            options: Settings.commonOptions,
            details:
                "The state is 'attached', 'gone' when the network namespace has gone, 'old' when that was before "
                + "the machine was started, or 'pending' while an add runs or when it was killed.")
    }

    private let network: String?

    init(_ arguments: Arguments) throws(Failure) { network = arguments.positionals.first }

    func run(_ settings: Settings) throws(Failure) -> Int32 {
        let entries = try settings.tell { () throws(HostError) in try settings.host.cache.entries() }
            .filter { network == nil || $0.key.network == network }
        if settings.answersJSON {
            try printOut(JSONValue.array(entries.map { $0.json }).text + "\n")
        } else {
            let rows = entries.map { entry in
                [
                    entry.key.network, entry.key.containerID, entry.key.interface,
                    entry.addresses.isEmpty ? "-" : entry.addresses.joined(separator: ","),
                    entry.state.rawValue,
                    entry.record.namespace.isEmpty ? "-" : entry.record.namespace,
                ]
            }
            try printOut(
                alignedTable(
                    [["NETWORK", "CONTAINER", "INTERFACE", "ADDRESSES", "STATE", "NAMESPACE"]] + rows))
        }
        return 0
    }
}

extension AttachmentKey {
    /// The names, as CNI's own documents call them.
    var json: JSONValue { .object(members) }

    fileprivate var members: [JSONValue.Member] {
        [
            .init("network", .string(network)), .init("containerID", .string(containerID)),
            .init("ifname", .string(interface)),
        ]
    }
}

extension AttachmentCache.Entry {
    fileprivate var json: JSONValue {
        .object(
            key.members + [
                .init("netns", .string(record.namespace)), .init("state", .string(state.rawValue)),
                .init("addresses", .array(addresses.map { .string($0) })),
                .init("result", record.result ?? .null),
            ])
    }

    /// The interface's addresses as far as the result tells.
    fileprivate var addresses: [String] {
        guard let result = record.result,
            let value = try? CNIResult(JSONReader(result, as: .forgiving), version: .v0_1_0)
        else { return [] }
        return value.addresses(of: key.interface).map { "\($0.address)" }
    }
}
