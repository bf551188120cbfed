import CommandWords

/// `checkpoint ID`: refused. Takes runc's options, so that a caller is told the reason and not a bad option.
struct CheckpointCommand: Command {
    static var verb: Verb {
        Verb(
            "checkpoint", "not supported", positionals: 0...Int.max, options: criuOptions(),
            passesRestOn: true)
    }

    init(_ arguments: Arguments) throws(Failure) {}

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        throw Failure("checkpoint is not supported: \(programName) has no CRIU support")
    }
}

/// `restore ID`: refused, like `checkpoint`.
struct RestoreCommand: Command {
    static var verb: Verb {
        Verb("restore", "not supported", positionals: 0...Int.max, options: criuOptions(), passesRestOn: true)
    }

    init(_ arguments: Arguments) throws(Failure) {}

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        throw Failure("restore is not supported: \(programName) has no CRIU support")
    }
}

private func criuOptions() -> [Option] {
    let values = [
        "bundle", "console-socket", "empty-ns", "image-path", "lsm-mount-context", "lsm-profile",
        "manage-cgroups-mode", "page-server", "parent-path", "pid-file", "status-fd", "work-path",
    ]
    let flags = [
        "auto-dedup", "detach", "ext-unix-sk", "file-locks", "lazy-pages", "leave-running", "no-pivot",
        "no-subreaper", "pre-dump", "shell-job", "tcp-close", "tcp-established",
    ]
    let short = ["bundle": "b", "detach": "d"]
    return values.map { .value($0, short: short[$0], "") } + flags.map { .flag($0, short: short[$0], "") }
}
