internal import Kernel

extension Container {
    /// Takes the container away. One that runs is refused, or killed by `force`.
    package func remove(force: Bool = false, withVolumes: Bool = false) throws(EngineError) {
        repeat {
            if force { try end() }
            // It may have been started again between the two.
        } while try !removeEnded(force: force, withVolumes: withVolumes)
    }

    /// Answers false when it runs, and `force` wants it gone all the same.
    private func removeEnded(force: Bool, withVolumes: Bool) throws(EngineError) -> Bool {
        do throws(EngineError) {
            return try locked { container throws(EngineError) in
                let state = try container.state()
                if state.live != nil {
                    if force { return false }
                    throw container.runs(state)
                }
                try container.settleToRemove()
                try container.erase(withVolumes: withVolumes || record.removesItself)
                return true
            }
        } catch {
            // One that removes itself has gone with its end.
            guard force, error.kind == .notFound, try engine.record(id) == nil else { throw error }
            return true
        }
    }

    private func runs(_ state: ContainerState) -> EngineError {
        let advice = state.word == "paused" ? "unpause and then stop the container" : "stop the container"
        return EngineError(
            "cannot remove container \"\(record.name)\": container is \(state.word): \(advice) before removing or force remove",
            .conflict)
    }

    /// Kills it, if it runs. That it goes by itself then is no error.
    private func end() throws(EngineError) {
        guard try state().live != nil else { return }
        do throws(EngineError) { try stop(signal: "KILL", seconds: 10) } catch {
            if error.kind != .notFound { throw error }
        }
    }
}
