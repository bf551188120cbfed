internal import Kernel

extension ContainerEngine {
    /// Stores a new container. `network` is what is asked for its network, under the name and ID it gets here.
    ///
    /// - Returns: the container, and warnings for the person who asked.
    package func create(
        _ record: ContainerRecord, network: SandboxRequest
    ) throws(EngineError) -> (container: Container, warnings: [String]) {
        var record = record
        record.id = newIdentifier()
        record.created = realtimeNanoseconds()
        let container = Container(try add(record), of: self)
        do throws(EngineError) {
            var network = network
            (network.containerID, network.name) = (container.id, container.record.name)
            let warnings = try container.createNetwork(network)
            container.tell("create")
            return (container, warnings)
        } catch {
            try? container.erase(withVolumes: true)
            throw error
        }
    }
}
