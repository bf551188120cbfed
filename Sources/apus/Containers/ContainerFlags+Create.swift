import Engine

extension ContainerFlags {
    /// Creates the container, and tells what there is to know about it.
    func create(_ engine: ContainerEngine) throws(EngineError) -> Container {
        let (container, warnings) = try engine.create(request())
        for warning in warnings { warn(warning) }
        return container
    }
}
