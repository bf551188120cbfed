internal import Kernel
package import Netlink

/// A NETLINK_NETFILTER socket for the ruleset of the network namespace it was opened in.
///
/// Closing it behind a deletion waits for every processor to have let go of what was deleted, 4 to 16 ms: whoever
/// has more to do keeps it until last.
package struct RulesetSocket: ~Copyable {
    let socket: NetlinkSocket

    /// Opens the socket.
    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: 12)  // NETLINK_NETFILTER
    }

    /// Carries out all of `requests` or none.
    ///
    /// `generation`: the ruleset must still be the one of this number.
    /// - Throws: ``NetlinkError`` of the first request which failed, by name; `ERESTART` when the generation is past.
    package borrowing func commit(
        _ requests: [Request], ifStill generation: UInt32? = nil
    ) throws(NetlinkError) {
        guard !requests.isEmpty else { return }
        // NFNL_MSG_BATCH_BEGIN and _END, for the subsystem of nf_tables.
        var start = NetlinkMessage(16, [.request], header: [0, 0, 0, 10], request: "begin")
        if let generation { start.putBig([(1, generation)]) }
        let end = NetlinkMessage(17, [.request], header: [0, 0, 0, 10], request: "commit")
        let messages = [start] + requests.map(\.message) + [end]
        var replies = Replies(messages[...], first: try socket.send(messages[...]))
        // The kernel is done when the send returns: an answer is there already, or all went well.
        while try socket.isAnswered("commit") { replies.take(try socket.receive("commit")) }
        if let failure = replies.failure { throw failure }
    }

    /// The number of the ruleset, which every transaction of anybody changes.
    package borrowing func generation() throws(NetlinkError) -> UInt32 {
        number(try socket.exchange(generationQuestion()))
    }

    /// The elements with these keys, nil for each which is not there, and the number of the ruleset before.
    ///
    /// A set or table which is missing has no elements.
    package borrowing func find(
        _ keys: [ElementKey]
    ) throws(NetlinkError) -> (elements: [Element?], generation: UInt32) {
        let question = generationQuestion()
        let messages = [question] + keys.map { Request.findElement($0).message }
        let answers: [[NetlinkAnswer]]
        do throws(NetlinkError) { answers = try socket.exchange(messages, ignoring: .noEntity) } catch {
            // nfnetlink's word for a part of the kernel that is not there.
            guard error.errno == .invalidArgument, error.request == question.request else { throw error }
            throw NetlinkError(request: error.request, errno: .notSupported, text: "no nf_tables here")
        }
        let found = zip(keys, answers.dropFirst()).map { key, list -> Element? in
            list.lazy.flatMap { NFTables.elements($0, of: key.set) }.first
        }
        return (found, number(answers.first ?? []))
    }

    /// All elements of a set; none when the set or the table is missing. `nft list set`.
    package borrowing func elements(of set: ElementSet, in table: Table) throws(NetlinkError) -> [Element] {
        var message = begin(.getElement, [.dump], table, "list set \(table) \(set.name)")
        message.put(1, table.name)
        message.put(2, set.name)
        return try listing(message).flatMap { NFTables.elements($0, of: set) }
    }

    /// The rules of a table in their order, as far as a person can tell them apart; none when it is missing.
    /// `nft list table`.
    package borrowing func rules(of table: Table) throws(NetlinkError) -> [ListedRule] {
        var message = begin(.getRule, [.dump], table, "list table \(table)")
        message.put(1, table.name)
        return try listing(message).map(ListedRule.init).filter { $0.table == table.name }
    }

    /// The chains of every table which packets come to by themselves. `nft list chains`.
    package borrowing func hooks() throws(NetlinkError) -> [ListedHook] {
        var found: [ListedHook] = []
        for family in Table.Family.allCases {
            let message = begin(.getChain, [.dump], Table(family, ""), "list chains \(family.word)")
            found += try listing(message).compactMap { ListedHook($0, family) }
        }
        return found
    }

    private borrowing func listing(_ message: NetlinkMessage) throws(NetlinkError) -> [NetlinkAnswer] {
        do throws(NetlinkError) { return try socket.exchange(message) } catch {
            if error.errno == .noEntity { return [] }
            throw error
        }
    }
}

private func generationQuestion() -> NetlinkMessage {
    begin(.getGeneration, [.acknowledge], Table(.inet, ""), "list generation")
}

private func number(_ answers: [NetlinkAnswer]) -> UInt32 {
    // NFTA_GEN_ID
    answers.first?.attributes(after: 4).number(1, as: UInt32.self)?.bigEndian ?? 0
}
