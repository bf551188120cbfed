package import JSON

/// What was asked for when a container was created, with everything its image added: `record.json`.
///
/// Nothing about its networks is here (`network.json`), nor what happened to it (`outcome.json`).
package struct ContainerRecord: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package var id = ""
    package var name = ""
    /// Nanoseconds since 1970.
    package var created: Int64 = 0
    /// The image as it was typed.
    package var image = ""
    /// `sha256:` and the digest of the image's configuration.
    package var imageID = ""

    /// The entrypoint asked for, else the image's; empty for none.
    package var entrypoint: [String] = []
    /// The words after the image, else the image's command.
    package var arguments: [String] = []
    /// `NAME=value`: the image's, then those asked for; each name once.
    package var environment: [String] = []
    /// Empty means `/`.
    package var workingDirectory = ""
    /// `user[:group]`, names or numbers; empty means root.
    package var user = ""
    /// Further groups, names or numbers: `--group-add`.
    package var groups: [String] = []
    /// The first 12 digits of ``id`` unless one was asked for; empty with the host's or another container's namespace.
    package var hostname = ""
    package var domainname = ""
    /// `-t`
    package var hasTerminal = false
    /// `-i`
    package var keepsInputOpen = false
    /// A name such as `SIGTERM`, or a number.
    package var stopSignal = "SIGTERM"
    /// Seconds between ``stopSignal`` and SIGKILL; `nil` means 10. -1 waits for ever.
    package var stopTimeout: Int?
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]

    package var mounts: [Mount] = []
    /// `--read-only`
    package var hasReadOnlyRoot = false
    /// Bytes of /dev/shm; `nil` means 64 MiB.
    package var sharedMemorySize: Int64?
    package var devices: [Device] = []

    /// Names with or without `CAP_`, or `ALL`.
    package var addedCapabilities: [String] = []
    package var droppedCapabilities: [String] = []
    package var isPrivileged = false
    /// As typed: `seccomp=unconfined`, `seccomp=/profile.json`, `no-new-privileges`, `apparmor=...`, `label=...`.
    package var securityOptions: [String] = []
    package var limits = Limits()
    package var ulimits: [Ulimit] = []
    package var sysctls: [String: String] = [:]
    package var namespaces = Namespaces()

    package var restart = RestartPolicy()
    /// `--rm`
    package var removesItself = false
    /// `json-file`, `k8s-file`, `local` (all three a file conmon writes) or `none`.
    package var logDriver = "json-file"
    package var logOptions: [String: String] = [:]
    /// `--init`
    package var hasInit = false
    /// Name or path of the OCI runtime; empty means the engine's default.
    package var runtime = ""
    package var healthcheck: Healthcheck?

    /// Members a newer version wrote.
    package var others: [JSONValue.Member] = []

    package init() {}

    /// The whole argument list of the container's program.
    package var command: [String] { entrypoint + arguments }
    /// The ID as tables show it.
    package var shortID: String { String(id.prefix(12)) }
}

extension ContainerRecord {
    /// What is mounted at a place in the container: `-v`, `--mount`, `--tmpfs`, the image's volumes.
    package struct Mount: Hashable, Sendable {
        package var kind = Kind.bind
        /// A host path for `bind`, the volume's name for `volume`, empty for `tmpfs`.
        package var source = ""
        /// Absolute path in the container.
        package var destination = ""
        package var isReadOnly = false
        /// Mount options beyond `ro`: `noexec`, `rshared`, `size=65536k`, `mode=1777`, ...
        package var options: [String] = []
        /// `-v` makes a missing host directory; `--mount` refuses.
        package var createsSource = false
        /// A volume named by the engine: goes with `rm -v` and `--rm`.
        package var isAnonymous = false
        /// A volume which does not take over what the image has at the place: `nocopy`.
        package var isNotFilled = false
        package var others: [JSONValue.Member] = []

        /// What is mounted.
        package enum Kind: String, CaseIterable, Hashable, Sendable {
            case bind, volume, tmpfs
        }

        package init() {}
    }

    /// A device file of the host: `--device HOST[:CONTAINER[:rwm]]`.
    package struct Device: Hashable, Sendable {
        package var source = ""
        package var destination = ""
        /// Letters of `rwm`.
        package var access = "rwm"

        package init() {}
    }

    /// `--ulimit NAME=SOFT[:HARD]`; -1 means unlimited.
    package struct Ulimit: Hashable, Sendable {
        /// As ulimit writes it: `nofile`, `nproc`, ...
        package var name = ""
        package var soft: Int64 = 0
        package var hard: Int64 = 0

        package init() {}
    }

    /// What the container's cgroup permits; `nil` and empty leave it to the kernel.
    package struct Limits: Hashable, Sendable {
        /// Bytes.
        package var memory: Int64?
        /// Bytes of memory and swap together; -1 means unlimited.
        package var memoryAndSwap: Int64?
        package var memoryReservation: Int64?
        /// Billionths of a CPU: `--cpus 1.5` is 1 500 000 000.
        package var nanoCPUs: Int64?
        package var cpuShares: Int64?
        /// Microseconds.
        package var cpuPeriod: Int64?
        package var cpuQuota: Int64?
        /// `0-2,4`
        package var cpus = ""
        package var memoryNodes = ""
        /// Processes and threads; -1 means unlimited.
        package var pids: Int64?
        package var oomScoreAdjustment: Int64?
        package var disablesOOMKiller = false
        package var others: [JSONValue.Member] = []

        package init() {}

        /// What `memoryAndSwap` is where nobody has said: as much swap again as there is memory, as Docker has it.
        var usualMemoryAndSwap: Int64? { memory.map { $0 > Int64.max / 2 ? Int64.max : $0 * 2 } }
    }

    /// Modes of the namespaces other than the network's: empty is the default, a new one.
    package struct Namespaces: Hashable, Sendable {
        /// Empty, `host`, or `container:` and the whole ID.
        package var pid = ""
        /// Empty, `private`, `shareable`, `none`, `host`, or `container:` and the whole ID.
        package var ipc = ""
        /// Empty or `host`.
        package var uts = ""
        /// Empty, `private` or `host`.
        package var cgroup = ""

        package init() {}
    }

    /// What happens when the container's program has ended: `--restart`.
    package struct RestartPolicy: Hashable, Sendable {
        package var kind = Kind.no
        /// For `on-failure`; 0 means no limit.
        package var maximumRetries = 0

        /// When it is started again.
        package enum Kind: String, CaseIterable, Hashable, Sendable {
            case no
            case onFailure = "on-failure"
            case always
            case unlessStopped = "unless-stopped"
        }

        package init() {}
    }

    /// How the engine asks the container whether it is well. Durations in nanoseconds, 0 is Docker's default.
    package struct Healthcheck: Hashable, Sendable {
        /// As in an image's configuration: `["CMD", ...]`, `["CMD-SHELL", text]`, `["NONE"]`.
        package var test: [String] = []
        package var interval: Int64 = 0
        package var timeout: Int64 = 0
        package var startPeriod: Int64 = 0
        package var startInterval: Int64 = 0
        /// 0 means 3.
        package var retries = 0

        package init() {}
    }
}
