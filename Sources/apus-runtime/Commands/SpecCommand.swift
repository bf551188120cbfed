import CommandWords
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
                .value("file", short: "f", "name of the file to write (default: \"config.json\")"),
                .flag("rootless", "write a configuration for a user who is not root"),
            ])
    }

    private let directory: String
    private let name: String
    private let isRootless: Bool

    init(_ arguments: Arguments) throws(Failure) {
        directory = try absolute(arguments.value("bundle") ?? "")
        name = arguments.value("file").flatMap { $0.isEmpty ? nil : $0 } ?? "config.json"
        isRootless = arguments.flag("rootless")
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        var configuration = specTemplate(hasUnifiedCgroups: hasUnifiedCgroups())
        if isRootless { configuration.makeRootless(uid: effectiveUserID(), gid: effectiveGroupID()) }
        let path = name.hasPrefix("/") ? name : directory == "/" ? "/" + name : "\(directory)/\(name)"
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, [.writeOnly, .create, .exclusive], mode: 0o666)
            try file.write(configuration.json.prettyText() + "\n")
        } catch {
            guard error.errno == .exists else { throw Failure("cannot write the specification: \(error)") }
            throw Failure("file \(path) exists; remove it first")
        }
        return 0
    }
}

/// Whether cgroups are version 2 only here: the container's `/sys/fs/cgroup` then wants a namespace.
private func hasUnifiedCgroups() -> Bool {
    let cgroup2Magic: Int64 = 0x6367_7270
    do throws(SystemError) { return try fileSystemType("/sys/fs/cgroup") == cgroup2Magic } catch {
        return false
    }
}
