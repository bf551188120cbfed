import ArgumentParser
import Engine

/// Flags about what becomes of the container, and how it is known.
struct LifeFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Name of the container.", valueName: "name"))
    var name: String?
    @Flag(name: .customLong("rm"), help: "Remove the container, and its anonymous volumes, when it ends.")
    var removesItself = false
    @Option(
        help: ArgumentHelp("What to do when it ends.", valueName: "no|always|unless-stopped|on-failure[:n]"))
    var restart: String?
    @Option(
        name: [.customShort("l", allowingJoined: true), .customLong("label")],
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Label the container.", valueName: "name=value"))
    var labels: [String] = []
    @Option(
        name: .customLong("label-file"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Read labels from a file.", valueName: "file"))
    var labelFiles: [String] = []
    @Option(
        name: .customLong("annotation"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Annotate the container for the OCI runtime.", valueName: "name=value"))
    var annotations: [String] = []
    @Option(
        name: .customLong("log-driver"),
        help: ArgumentHelp("What keeps the output.", valueName: "json-file|none"))
    var logDriver: String?
    @Option(
        name: .customLong("log-opt"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Option of the log driver, for example max-size=10m.", valueName: "name=value"))
    var logOptions: [String] = []
    @Option(help: ArgumentHelp("Name or path of the OCI runtime.", valueName: "program"))
    var runtime: String?
    @Option(
        name: .customLong("cidfile"),
        help: ArgumentHelp("Write the container's ID to a file.", valueName: "file"))
    var idFile: String?
    @Option(help: ArgumentHelp("When to pull the image.", valueName: "always|missing|never"))
    var pull: String?
    @Flag(name: [.customShort("q"), .long], help: "Do not show how a pull goes.")
    var quiet = false
    @Option(help: ArgumentHelp("Which one of several images.", valueName: "os/architecture"))
    var platform: String?

    func fill(_ request: inout ContainerRequest) throws(EngineError) {
        request.record.name = name ?? ""
        request.record.removesItself = removesItself
        if let restart { request.record.restart = try ContainerRecord.RestartPolicy(option: restart) }
        guard !removesItself || request.record.restart.kind == .no else {
            throw EngineError("conflicting options: cannot specify both --restart and --rm", .conflict)
        }
        var words: [String] = []
        for path in labelFiles { words += try lines(of: optionFile(path).text, in: path) }
        request.record.labels = Engine.labels(words + labels)
        request.record.annotations = try settings(annotations, "--annotation")
        try fillLog(&request.record)
        request.record.runtime = runtime ?? ""
        request.idFile = idFile
        request.platform = platform ?? ""
        if let pull {
            guard let policy = ContainerRequest.PullPolicy(rawValue: pull) else {
                throw EngineError(
                    "invalid pull option: '\(pull)': must be one of \"always\", \"missing\" or \"never\"",
                    .invalid)
            }
            request.pull = policy
        }
    }

    private func fillLog(_ record: inout ContainerRecord) throws(EngineError) {
        if let logDriver {
            guard ["json-file", "k8s-file", "local", "none"].contains(logDriver) else {
                throw EngineError(
                    "log driver \"\(logDriver)\" is not supported (there are: json-file, k8s-file, local, none)",
                    .invalid)
            }
            record.logDriver = logDriver
        }
        record.logOptions = try settings(logOptions, "--log-opt")
        for name in record.logOptions.keys.sorted() where !["max-size", "max-file"].contains(name) {
            throw EngineError(
                "unknown log opt '\(name)' for \(record.logDriver) log driver (there are: max-size, max-file)",
                .invalid)
        }
        if let count = record.logOptions["max-file"], count != "1" {
            // conmon begins the file anew.
            warn("max-file=\(count): one file is kept, and what does not fit into max-size is lost")
        }
    }
}
