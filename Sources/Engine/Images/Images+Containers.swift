internal import ImageStore

extension ContainerEngine {
    /// The images, with the containers there are now as their users.
    package func images() throws(EngineError) -> Images {
        var users: [Images.User] = []
        for record in try records() {
            users.append(
                Images.User(
                    imageID: record.imageID, name: "container \(record.shortID)",
                    isRunning: try Container(record, of: self).state().live != nil))
        }
        return try Images(paths, users: users)
    }

    /// The volumes of this machine.
    package var volumes: VolumeStore { VolumeStore(paths) }

    /// Which containers have which volumes: IDs by name.
    package func volumeUsers() throws(EngineError) -> [String: [String]] {
        Engine.volumeUsers(try records())
    }
}

extension Images {
    /// Adds to a request what its image says. `pull` is called when the image has to come first, with its name and platform.
    package func complete(
        _ request: inout ContainerRequest, pull: (String, String) throws(EngineError) -> Void
    ) throws(EngineError) {
        let name = request.record.image
        switch request.pull {
        case .always: try pull(name, request.platform)
        case .missing where !has(name): try pull(name, request.platform)
        case .missing, .never: break
        }
        let image = try image(name)
        request.record.imageID = "\(image.id)"
        try request.inherit(image.configuration, newName: newIdentifier)
    }

    private func has(_ name: String) -> Bool {
        do throws(ImageError) {
            _ = try store.image(name)
            return true
        } catch {
            guard case .unknown = error else { return true }
            return false
        }
    }
}
