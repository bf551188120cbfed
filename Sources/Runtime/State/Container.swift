internal import Cgroups
internal import Kernel
internal import OCISpec

/// A container as it is at this moment.
struct Container {
    let id: ContainerID
    let record: ContainerRecord
    let process: UniqueProcess?
    let state: ContainerState
}

extension ContainerRuntime {
    var store: StateStore { StateStore(root: root) }

    /// Works the container out from facts.
    ///
    /// - Throws: ``RuntimeError/unknown(id:)`` when there is none.
    func find(_ id: ContainerID) throws(RuntimeError) -> Container {
        let record = try store.record(id) ?? ContainerRecord(unfinished: id)
        guard let process = try store.initProcess(id) else {
            // Without a first process it is being made, or a creator died over it.
            let state: ContainerState = store.isBusy(id) ? .creating : .stopped
            return Container(id: id, record: record, process: nil, state: state)
        }
        let isAlive = process.isAlive
        let waits = isAlive && fileExists(store.fifoPath(id))
        let isFrozen = isAlive && Cgroup(saved: record.cgroups).isFrozen
        let facts = ContainerState.Facts(
            pid: process.pid, isAlive: isAlive, waitsForStart: waits, isFrozen: isFrozen)
        return Container(id: id, record: record, process: process, state: ContainerState(facts))
    }

    /// The container, where its state permits `operation`.
    func find(_ text: String, for operation: ContainerState.Operation) throws(RuntimeError) -> Container {
        let container = try find(ContainerID(text))
        guard container.state.permits(operation) else {
            throw .notPermitted(id: text, operation: operation, state: container.state)
        }
        return container
    }
}
