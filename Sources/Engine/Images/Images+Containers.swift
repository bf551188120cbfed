internal import ImageStore

extension ContainerEngine {
    /// The images, with the containers as their users.
    package func images() throws(EngineError) -> Images {
        try Images(paths) { () throws(EngineError) in
            var users: [Images.User] = []
            for record in try records() {
                users.append(
                    Images.User(
                        imageID: record.imageID, name: "container \(record.shortID)",
                        isRunning: try Container(record, of: self).state().live != nil))
            }
            return users
        }
    }

    /// The volumes of this machine.
    package var volumes: VolumeStore { VolumeStore(paths) }

    /// Which containers have which volumes: IDs by name.
    package func volumeUsers() throws(EngineError) -> [String: [String]] {
        Engine.volumeUsers(try records())
    }
}

extension Images {
    /// Has the image of a request here: `pull` is called when it has to come first, with its name and platform.
    func fetch(
        for request: ContainerRequest, pull: (String, String) throws(EngineError) -> Void
    ) throws(EngineError) {
        let name = request.record.image
        switch request.pull {
        case .always: try pull(name, request.platform)
        case .missing where !has(name, for: request.platform): try pull(name, request.platform)
        case .missing, .never: break
        }
    }

    /// Adds to a request what its image says.
    func complete(_ request: inout ContainerRequest) throws(EngineError) {
        let name = request.record.image
        let image = try image(name)
        guard fits(image.configuration.platform, request.platform) else {
            let actual = image.configuration.platform
            throw EngineError(
                "image with reference \(name) was found but does not match the specified platform: wanted \(request.platform), actual: \(actual.os)/\(actual.architecture)",
                .notFound)
        }
        request.record.imageID = "\(image.id)"
        try request.inherit(image.configuration, newName: newIdentifier)
    }

    private func has(_ name: String, for platform: String) -> Bool {
        do throws(ImageError) {
            return fits(try store.image(name).configuration.platform, platform)
        } catch {
            guard case .unknown = error else { return true }
            return false
        }
    }

    /// Whether an image is for the platform asked for; empty is any.
    private func fits(_ platform: Platform, _ asked: String) -> Bool {
        guard let wanted = Platform(asked) else { return true }
        return platform.os == wanted.os && platform.architecture == wanted.architecture
    }
}
