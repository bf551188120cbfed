import Engine

extension ContainerFlags {
    /// Creates the container, and tells what there is to know about it.
    func create(_ engine: ContainerEngine) throws(EngineError) -> Container {
        let request = try request()
        let (container, warnings) = try engine.create(request) { name, platform throws(EngineError) in
            if request.pull == .missing {
                let shown = try PullName(name)
                note("Unable to find image '\(shown.isDefaultTag ? name + ":latest" : name)' locally")
            }
            try pull(name, platform, engine, on: life.quiet ? nil : 2)
        }
        for warning in warnings { warn(warning) }
        return container
    }
}
