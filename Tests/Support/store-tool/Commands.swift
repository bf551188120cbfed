import CommandWords
import Kernel
import NIOCore
import OverlayControl
import OverlayStore

/// A command with its words.
///
///     txn [CONDITION...] [OPERATION...] [read=KEY...]    absent=K present=K unchanged=K@REVISION holds=K=V
///                                                        put=K=V put=K=V@LEASE delete=K prefix=P
///     list PREFIX...                                     `revision R`, then `K V CREATED CHANGED [leased]`
///     count PREFIX...                                    `N at R, N distinct`
///     fill PREFIX N [SIZE]                               N keys with values of SIZE bytes
///     watch AFTER PREFIX...                              events until it ends
///     grant S, keepalive ID, revoke ID, pause MILLISECONDS
struct Command {
    private let name: String
    private let words: [String]

    init(_ words: [String]) {
        name = words.first ?? ""
        self.words = Array(words.dropFirst())
    }

    func run(_ tool: Tool) throws {
        switch name {
        case "txn": try commit(tool)
        case "list": try list(tool)
        case "count": try count(tool)
        case "fill": try fill(tool)
        case "watch": try watch(tool)
        case "pause": pause(milliseconds: Int32(words.first ?? "") ?? 0)
        case "grant":
            let seconds = try number(words.first)
            say("lease \(try tool.onLoop { $0.grant(seconds: seconds) }.id)")
        case "keepalive", "revoke":
            let (lease, isRevoked) = (StoreLease(id: try number(words.first)), name == "revoke")
            try tool.onLoop { isRevoked ? $0.revoke(lease) : $0.keepAlive(lease) }
            say("done")
        default: throw StoreError.refused("no command '\(name)'")
        }
    }

    private func commit(_ tool: Tool) throws {
        var transaction = StoreTransaction(operations: [])
        for word in words { try add(word, to: &transaction) }
        let (whole, clock) = (transaction, ContinuousClock())
        let begin = clock.now
        defer { printError("took \((clock.now - begin) / .milliseconds(1)) ms\n") }
        let commit = try tool.onLoop { $0.commit(whole) }
        say("\(commit.isDone ? "done" : "not") \(commit.revision)")
        for entry in commit.found { say("found \(text(entry))") }
    }

    private func add(_ word: String, to transaction: inout StoreTransaction) throws {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw StoreError.refused("'\(word)': NAME=VALUE is needed") }
        let pair = parts[1].split(separator: "=", maxSplits: 1).map(String.init)
        let (key, value) = (pair[0], pair.count > 1 ? pair[1] : "")
        let (before, behind) = split(parts[1], "@")
        switch parts[0] {
        case "absent": transaction.conditions.append(.absent(parts[1]))
        case "present": transaction.conditions.append(.present(parts[1]))
        case "unchanged": transaction.conditions.append(.unchanged(before, since: try number(behind)))
        case "holds": transaction.conditions.append(.holds(key, Array(value.utf8)))
        case "put":
            let (content, id) = split(value, "@")
            let lease = try id.map { StoreLease(id: try number($0)) }
            transaction.operations.append(.put(key, Array(content.utf8), lease: lease))
        case "delete": transaction.operations.append(.delete(parts[1]))
        case "prefix": transaction.operations.append(.deletePrefix(parts[1]))
        case "read": transaction.otherwise.append(parts[1])
        default: throw StoreError.refused("no condition or operation '\(parts[0])'")
        }
    }

    private func list(_ tool: Tool) throws {
        let snapshot = try tool.onLoop { [words] in $0.list(words) }
        say("revision \(snapshot.revision)")
        for entry in snapshot.entries { say(text(entry)) }
    }

    private func count(_ tool: Tool) throws {
        let snapshot = try tool.onLoop { [words] in $0.list(words) }
        let newest = snapshot.entries.map(\.modRevision).max() ?? 0
        let distinct = Set(snapshot.entries.map(\.key)).count
        say("\(snapshot.entries.count) at \(snapshot.revision), \(distinct) distinct, newest \(newest)")
    }

    private func fill(_ tool: Tool) throws {
        guard words.count >= 2 else { throw StoreError.refused("fill PREFIX N [SIZE]") }
        let (prefix, total) = (words[0], Int(try number(words[1])))
        let value = [UInt8](
            repeating: UInt8(ascii: "v"), count: words.count > 2 ? Int(try number(words[2])) : 8)
        for start in stride(from: 0, to: total, by: 100) {
            let keys = (start..<min(start + 100, total)).map { prefix + String(100_000 + $0) }
            let transaction = StoreTransaction(operations: keys.map { .put($0, value, lease: nil) })
            _ = try tool.onLoop { $0.commit(transaction) }
        }
        say("done")
    }

    /// Until it ends, or this process is.
    private func watch(_ tool: Tool) throws {
        let after = try number(words.first)
        let prefixes = Array(words.dropFirst())
        try tool.onLoop { store in
            let over = tool.loop.makePromise(of: Void.self)
            var watch: (any StoreWatch)?
            watch = store.watch(prefixes, after: after) { event in
                guard Self.tell(event) else { return }
                over.succeed()
                watch = nil
            }
            _ = watch
            return over.futureResult
        }
    }

    /// Whether it is the last one.
    private static func tell(_ event: StoreEvent) -> Bool {
        switch event {
        case .changes(let revision, let changes):
            // As many as nobody reads are only counted.
            if changes.count > 500 { say("\(revision) \(changes.count) changes") }
            for change in changes where changes.count <= 500 {
                switch change {
                case .put(let entry):
                    say(
                        "\(revision) put \(entry.key) \(String(decoding: entry.value.prefix(60), as: UTF8.self))"
                    )
                case .deleted(let key): say("\(revision) deleted \(key)")
                }
            }
            return false
        case .compacted(let revision):
            say("compacted \(revision)")
            return true
        case .ended(let error):
            say("ended: \(error)")
            return true
        }
    }

    private func text(_ entry: StoreEntry) -> String {
        let value = String(decoding: entry.value, as: UTF8.self)
        return
            "\(entry.key) \(value) \(entry.createRevision) \(entry.modRevision)\(entry.isLeased ? " leased" : "")"
    }

    private func split(_ text: String, _ mark: Character) -> (String, String?) {
        guard let place = text.lastIndex(of: mark) else { return (text, nil) }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }

    private func number(_ text: String?) throws -> Int64 {
        guard let text, let number = Int64(text) else { throw StoreError.refused("a number is needed") }
        return number
    }
}
