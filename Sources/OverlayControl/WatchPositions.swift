/// How far a watch of several prefixes has come with each.
///
/// etcd tells what happens below one prefix in order, but one prefix may be behind another for a moment: while it catches up with the
/// past, or when its reader is slow. A watch which goes on where another has ended therefore goes on with each prefix where
/// that was, not behind the last revision of all.
package struct WatchPositions: Hashable, Sendable {
    /// The last revision that was told.
    package private(set) var told: Int64
    private var positions: [String: Int64]

    /// Begins behind `revision`; where `before` has told up to just there, each of its prefixes goes on where it was.
    package init(_ prefixes: [String], after revision: Int64, goingOnFrom before: WatchPositions? = nil) {
        told = revision
        positions = Dictionary(prefixes.map { ($0, revision) }, uniquingKeysWith: { one, _ in one })
        guard let before, before.told == revision else { return }
        for prefix in prefixes { positions[prefix] = before.positions[prefix] ?? revision }
    }

    /// The last revision which was told of the prefix.
    package func position(_ prefix: String) -> Int64 { positions[prefix] ?? told }

    /// What happened below `prefix` up to `revision` is told; the answer is the revision everything is told up to in the whole.
    package mutating func tell(_ prefix: String, _ revision: Int64) -> Int64 {
        positions[prefix] = max(position(prefix), revision)
        told = max(told, revision)
        return told
    }
}
