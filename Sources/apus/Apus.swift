import ArgumentParser

/// Containers and their networks, in Docker's words.
struct Apus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus", abstract: "Runs containers and their networks.", version: "0.1.0",
        subcommands: [
            RunCommand.self,
            CreateCommand.self,
            StartCommand.self,
            StopCommand.self,
            RestartCommand.self,
            KillCommand.self,
            RemoveCommand.self,
            ListCommand.self,
            DiffCommand.self,
            ExecCommand.self,
            ExportCommand.self,
            AttachCommand.self,
            CopyCommand.self,
            LogsCommand.self,
            WaitCommand.self,
            InspectCommand.self,
            PauseCommand.self,
            UnpauseCommand.self,
            UpdateCommand.self,
            RenameCommand.self,
            TopCommand.self,
            PortCommand.self,
            StatsCommand.self,
            EventsCommand.self,
            InfoCommand.self,
            VersionCommand.self,
            ImagesCommand.self,
            PullCommand.self,
            LoadCommand.self,
            SaveCommand.self,
            ImportCommand.self,
            TagCommand.self,
            RemoveImageCommand.self,
            HistoryCommand.self,
            ContainerCommand.self,
            ImageCommand.self,
            VolumeCommand.self,
            NetworkCommand.self,
            NodeCommand.self,
            SystemCommand.self,
            HealthcheckCommand.self,
        ])

    /// Where the files are, for every command.
    @OptionGroup var places: Places
}
