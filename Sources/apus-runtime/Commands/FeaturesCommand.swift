import CommandWords
import JSON
import OCISpec

/// `features`: prints what the runtime can do. OCI runtime-spec, features.md.
struct FeaturesCommand: Command {
    static var verb: Verb {
        Verb("features", "print the features of the runtime as JSON", usage: "", positionals: 0...0)
    }

    init(_ arguments: Arguments) throws(Failure) {}

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try printOut(featuresDocument().prettyText(indent: "    ") + "\n")
        return 0
    }
}
