import ArgumentParser
import Engine

/// What `run` and `create` have in common: all flags about the container, its image, and its program.
///
/// Everything behind the image belongs to the program, whatever it looks like.
struct ContainerFlags: ParsableArguments {
    @OptionGroup(title: "Program") var process: ProcessFlags
    @OptionGroup(title: "Files and devices") var storage: StorageFlags
    @OptionGroup(title: "Network") var network: NetworkFlags
    @OptionGroup(title: "Rights and namespaces") var rights: RightFlags
    @OptionGroup(title: "Limits") var limits: LimitFlags
    @OptionGroup(title: "Life") var life: LifeFlags
    @OptionGroup(title: "Health") var health: HealthFlags
    @OptionGroup var later: LaterFlags
    @Argument(help: "Name or ID of the image.") var image: String
    @Argument(parsing: .captureForPassthrough, help: "Program and its arguments, in place of the image's.")
    var command: [String] = []

    /// What the flags ask for.
    func request() throws(EngineError) -> ContainerRequest {
        try later.refuse()
        var record = ContainerRecord()
        record.image = image
        try process.fill(&record)
        try storage.fill(&record)
        try rights.fill(&record)
        try limits.fill(&record)
        record.hostname = network.hostname ?? ""
        record.domainname = network.domainname ?? ""
        var request = ContainerRequest(record: record, sandbox: try network.options.request())
        request.program.entrypoint = process.entrypoint
        request.program.command = command
        try life.fill(&request)
        try health.fill(&request)
        try request.check()
        return request
    }
}
