import ArgumentParser
import Engine

/// Flags of Docker this engine knows by name only: they are refused with a line that says so.
struct LaterFlags: ParsableArguments {
    @Option(name: .customLong("blkio-weight"), parsing: .unconditional, help: .hidden) var blockWeight:
        String?
    @Option(name: .customLong("blkio-weight-device"), parsing: .unconditionalSingleValue, help: .hidden)
    var blockWeights: [String] = []
    @Option(name: .customLong("cgroup-parent"), help: .hidden) var cgroupParent: String?
    @Option(name: .customLong("cpu-rt-period"), parsing: .unconditional, help: .hidden) var realtimePeriod:
        String?
    @Option(name: .customLong("cpu-rt-runtime"), parsing: .unconditional, help: .hidden)
    var realtimeRuntime: String?
    @Option(name: .customLong("device-cgroup-rule"), parsing: .unconditionalSingleValue, help: .hidden)
    var deviceRules: [String] = []
    @Option(name: .customLong("device-read-bps"), parsing: .unconditionalSingleValue, help: .hidden)
    var readBytes: [String] = []
    @Option(name: .customLong("device-read-iops"), parsing: .unconditionalSingleValue, help: .hidden)
    var readOperations: [String] = []
    @Option(name: .customLong("device-write-bps"), parsing: .unconditionalSingleValue, help: .hidden)
    var writeBytes: [String] = []
    @Option(name: .customLong("device-write-iops"), parsing: .unconditionalSingleValue, help: .hidden)
    var writeOperations: [String] = []
    @Option(name: .customLong("gpus"), help: .hidden) var gpus: String?
    @Option(name: .customLong("isolation"), help: .hidden) var isolation: String?
    @Option(name: .customLong("kernel-memory"), help: .hidden) var kernelMemory: String?
    @Option(name: .customLong("link-local-ip"), parsing: .unconditionalSingleValue, help: .hidden)
    var linkLocal: [String] = []
    @Option(name: .customLong("memory-swappiness"), parsing: .unconditional, help: .hidden) var swappiness:
        String?
    @Option(name: .customLong("storage-opt"), parsing: .unconditionalSingleValue, help: .hidden)
    var storageOptions: [String] = []
    @Option(name: .customLong("userns"), help: .hidden) var userNamespace: String?
    @Option(name: .customLong("volume-driver"), help: .hidden) var volumeDriver: String?
    @Option(name: .customLong("volumes-from"), parsing: .unconditionalSingleValue, help: .hidden)
    var volumesFrom: [String] = []
    // What it would switch off this engine does not have.
    @Flag(name: .customLong("disable-content-trust"), help: .hidden) var disablesContentTrust = false

    /// Refuses the first one that is used.
    func refuse() throws(EngineError) {
        let words: [(String, String?)] = [
            ("blkio-weight", blockWeight), ("blkio-weight-device", blockWeights.first),
            ("cgroup-parent", cgroupParent), ("cpu-rt-period", realtimePeriod),
            ("cpu-rt-runtime", realtimeRuntime), ("device-cgroup-rule", deviceRules.first),
            ("device-read-bps", readBytes.first), ("device-read-iops", readOperations.first),
            ("device-write-bps", writeBytes.first), ("device-write-iops", writeOperations.first),
            ("gpus", gpus),
            ("isolation", isolation == "default" ? nil : isolation), ("kernel-memory", kernelMemory),
            ("link-local-ip", linkLocal.first), ("memory-swappiness", swappiness == "-1" ? nil : swappiness),
            ("storage-opt", storageOptions.first), ("userns", userNamespace == "host" ? nil : userNamespace),
            ("volume-driver", volumeDriver == "local" ? nil : volumeDriver),
            ("volumes-from", volumesFrom.first),
        ]
        for (name, value) in words where value != nil {
            throw EngineError("--\(name) is not supported by apus yet", .invalid)
        }
    }
}
