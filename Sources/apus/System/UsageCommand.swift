import ArgumentParser
import Engine

/// `apus system df`
struct SystemUsageCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "df", abstract: "Show how much of the disk is used.")
    @OptionGroup var places: Places
    @Option(parsing: .unconditional, help: ArgumentHelp("table, json, or a template.", valueName: "format"))
    var format: String?

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        var listing = Listing([
            .init("Type", "TYPE"), .init("TotalCount", "TOTAL"), .init("Active", "ACTIVE"),
            .init("Size", "SIZE"), .init("Reclaimable", "RECLAIMABLE"),
        ])
        for usage in try engine.usage() {
            listing.add([
                usage.kind, "\(usage.total)", "\(usage.active)", decimalSize(usage.size, digits: 4),
                usage.reclaimableText,
            ])
        }
        let columns = ["Type", "TotalCount", "Active", "Size", "Reclaimable"]
        try write(listing.text(format: format, standard: columns))
        return 0
    }
}
