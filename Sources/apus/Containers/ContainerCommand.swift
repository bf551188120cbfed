import ArgumentParser

/// `apus container`: the commands about containers under the name Docker groups them by.
struct ContainerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "container", abstract: "Manage containers.",
        subcommands: [
            AttachCommand.self,
            CopyCommand.self,
            CreateCommand.self,
            DiffCommand.self,
            ExecCommand.self,
            ExportCommand.self,
            InspectCommand.self,
            KillCommand.self,
            ListCommand.self,
            LogsCommand.self,
            PauseCommand.self,
            PortCommand.self,
            ContainerPruneCommand.self,
            RenameCommand.self,
            RestartCommand.self,
            RemoveCommand.self,
            RunCommand.self,
            StartCommand.self,
            StatsCommand.self,
            StopCommand.self,
            TopCommand.self,
            UnpauseCommand.self,
            UpdateCommand.self,
            WaitCommand.self,
        ])
}
