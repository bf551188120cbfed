package import ImageStore

/// What somebody said about the program of a container, as far as an image may add to it.
package struct AskedProgram: Hashable, Sendable {
    /// `--entrypoint`: one word, or an empty one for none; `nil` is the image's.
    package var entrypoint: String?
    /// The words behind the image.
    package var command: [String] = []
    /// `--no-healthcheck`.
    package var hasNoHealthcheck = false

    package init() {}
}

extension ContainerRecord {
    /// Adds what the image says where nothing else was asked for, as Docker does.
    ///
    /// The record has what was asked for. A volume of the image becomes an anonymous one unless something is mounted there: `newName`
    /// is asked for its name.
    package mutating func inherit(
        _ image: ImageConfiguration, _ asked: AskedProgram, newName: () -> String
    ) {
        inheritProgram(image, asked)
        environment = replacing(image.environment, with: environment)
        if workingDirectory.isEmpty { workingDirectory = image.workingDirectory }
        if user.isEmpty { user = image.user }
        if stopSignal.isEmpty { stopSignal = image.stopSignal.isEmpty ? "SIGTERM" : image.stopSignal }
        labels = image.labels.merging(labels) { _, own in own }
        let taken = Set(mounts.map { normalized($0.destination) })
        for volume in image.volumes where !taken.contains(normalized(volume)) {
            var mount = Mount()
            mount.kind = .volume
            mount.source = newName()
            mount.destination = normalized(volume)
            mount.isAnonymous = true
            mounts.append(mount)
        }
        inheritHealthcheck(image, asked)
    }

    private mutating func inheritProgram(_ image: ImageConfiguration, _ asked: AskedProgram) {
        arguments = asked.command
        if let own = asked.entrypoint {
            // The image's command is meant for the image's entrypoint.
            entrypoint = own.isEmpty ? [] : [own]
            return
        }
        entrypoint = image.entrypoint
        if asked.command.isEmpty { arguments = image.command }
    }

    private mutating func inheritHealthcheck(_ image: ImageConfiguration, _ asked: AskedProgram) {
        if asked.hasNoHealthcheck {
            healthcheck = Healthcheck()
            healthcheck?.test = ["NONE"]
            return
        }
        guard let given = image.healthcheck else { return }
        var check = healthcheck ?? Healthcheck()
        if check.test.isEmpty { check.test = given.test }
        if check.interval == 0 { check.interval = given.interval }
        if check.timeout == 0 { check.timeout = given.timeout }
        if check.startPeriod == 0 { check.startPeriod = given.startPeriod }
        if check.retries == 0 { check.retries = Int(given.retries) }
        healthcheck = check
    }
}

/// An absolute path without `.`, empty names and a slash at its end; `..` takes the name before it away.
package func normalized(_ path: String) -> String {
    var names: [Substring] = []
    for name in path.split(separator: "/") where name != "." {
        if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    return "/" + names.joined(separator: "/")
}
