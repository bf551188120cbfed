internal import Kernel

extension Container {
    /// Takes the container away. One that runs is refused, or killed by `force`.
    package func remove(force: Bool = false, withVolumes: Bool = false) throws(EngineError) {
        if force { try end() }
        try locked { container throws(EngineError) in
            let state = try container.state()
            if state.live != nil { throw container.runs(state) }
            try container.settleToRemove()
            try container.erase(withVolumes: withVolumes || record.removesItself)
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
        do throws(EngineError) { try stop(signal: "KILL", seconds: 10) } catch {
            if error.kind != .notFound { throw error }
        }
    }
}
