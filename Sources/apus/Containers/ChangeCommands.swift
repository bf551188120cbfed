import ArgumentParser
import Engine

/// Shows what a container has changed.
struct DiffCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what a container has changed in the files of its image.",
        discussion: "A is added, C is changed, D is deleted. Volumes are not looked at.")

    @OptionGroup var places: Places
    @Argument(help: "A name or an ID.")
    var container: String

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        for change in try engine.container(container).changes() {
            try show("\(change.kind.rawValue) \(change.path)")
        }
        return 0
    }
}

/// Changes limits and restart policies of containers.
struct UpdateCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the limits and the restart policy of containers.",
        discussion: "A container that runs gets its new limits at once.")

    @OptionGroup var places: Places
    @OptionGroup(title: "Limits") var resources: ResourceFlags
    @Option(
        help: ArgumentHelp("What to do when it ends.", valueName: "no|always|unless-stopped|on-failure[:n]"))
    var restart: String?
    @Argument(help: "Names or IDs.")
    var containers: [String]

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var update = ContainerUpdate()
        try resources.fill(&update.limits)
        if let restart { update.restart = try ContainerRecord.RestartPolicy(option: restart) }
        guard !update.isEmpty else {
            throw EngineError("You must provide one or more flags when using this command.", .invalid)
        }
        return try forEach(containers) { name throws(EngineError) in try engine.container(name).update(update)
        }
    }
}
