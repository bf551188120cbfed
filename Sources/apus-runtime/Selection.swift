import CommandWords
import Kernel
import Runtime

/// The containers `kill` and `delete` act on: one by its ID, or with `--regex` all whose ID matches.
struct Selection {
    static var option: Option {
        .flag("regex", short: "r", "the container ID is a regular expression; all that match are meant")
    }

    private let word: String
    private let isPattern: Bool

    init(_ arguments: Arguments) {
        word = arguments.positionals[0]
        isPattern = arguments.flag("regex")
    }

    /// Does `act` to each container. One of several that fails is warned of, and the others go on.
    func forEach(
        _ verb: String, _ surroundings: Surroundings, _ act: (String) throws(Failure) -> Void
    ) throws(Failure) {
        guard isPattern else { return try act(word) }
        guard let pattern = Pattern(word) else { throw Failure("'\(word)' is no regular expression") }
        let all = try operation { () throws(RuntimeError) in try surroundings.runtime.list() }
        let ids = all.map(\.id).filter { pattern.matches($0) }
        var failures = 0
        for id in ids {
            do throws(Failure) { try act(id) } catch {
                surroundings.log.write(.warning, error.message)
                failures += 1
            }
        }
        guard failures == 0 else { throw Failure("cannot \(verb) \(failures) of \(ids.count) containers") }
    }
}
