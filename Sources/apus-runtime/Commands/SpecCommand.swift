import JSON
import Kernel
import OCISpec

/// `spec`: writes a `config.json` to start from.
struct SpecCommand: Command {
    static var verb: Verb {
        Verb(
            "spec", "create a new specification file", usage: "", positionals: 0...0,
            options: [
                .value(
                    "bundle", short: "b", "directory to write \"config.json\" to (default: the current one)"),
                .flag("rootless", "write a configuration for a user who is not root"),
            ])
    }

    private let directory: String
    private let isRootless: Bool

    init(_ arguments: Arguments) throws(Failure) {
        directory = try absolute(arguments.value("bundle") ?? "")
        isRootless = arguments.flag("rootless")
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        throw Failure("spec is not part of this build")
    }
}
