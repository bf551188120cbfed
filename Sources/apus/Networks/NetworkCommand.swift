import ArgumentParser

/// Networks of containers.
struct NetworkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Manage networks.",
        subcommands: [
            NetworkConnectCommand.self,
            NetworkCreateCommand.self,
            NetworkDisconnectCommand.self,
            NetworkExistsCommand.self,
            NetworkGraphCommand.self,
            NetworkInspectCommand.self,
            NetworkListCommand.self,
            NetworkPruneCommand.self,
            NetworkReloadCommand.self,
            NetworkRemoveCommand.self,
        ])
}
