import ArgumentParser
import Engine

/// Puts back what others have taken from the firewall.
struct NetworkReloadCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Put the firewall's rules of running containers back.",
        discussion: "For example after firewalld or nftables have loaded their own.")

    @OptionGroup var places: Places
    @Flag(name: [.short, .customLong("all")], help: "All containers; so it is when none is named.")
    var all = false
    @Argument(help: "Names or IDs of containers.")
    var containers: [String] = []

    func perform(_ engine: ContainerEngine) throws(EngineError) -> Int32 {
        let ids = try containers.map { (name) throws(EngineError) in try engine.find(name).id }
        let failures = try NetworkCheck(engine).reload(only: ids.isEmpty ? nil : Set(ids))
        for failure in failures {
            report(EngineError("\(failure.subject): \(failure.failure ?? failure.reason)"))
        }
        for id in ids { try show(id) }
        return failures.isEmpty ? 0 : 1
    }
}
