import ArgumentParser

/// Containers and their networks, in Docker's words.
@main
struct Apus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus", abstract: "Runs containers and their networks.", version: "0.1.0")
}
