import Engine
import JSON
import OCISpec
import Testing

/// A record of `sh` and its surroundings, changed by `body`.
private func configuration(
    _ change: (inout ContainerRecord, inout SpecFacts) -> Void = { _, _ in }
) throws(EngineError) -> Configuration {
    var record = ContainerRecord()
    record.arguments = ["sh"]
    record.hostname = "box"
    var facts = SpecFacts(rootfs: "/bundle/rootfs", cgroupPath: "/apus/1")
    facts.networkNamespace = "/run/netns"
    facts.capabilities = defaultCapabilities + ["CAP_SYS_ADMIN", "CAP_SYS_TIME"]
    (facts.hosts, facts.hostname, facts.resolvConf) = ("/s/hosts", "/s/hostname", "/s/resolv.conf")
    change(&record, &facts)
    return try Configuration(container: record, facts)
}

private func mount(_ configuration: Configuration, _ destination: String) -> OCISpec.Mount? {
    configuration.mounts.last { $0.destination == destination }
}

private let wrongLimits: [(Int64?, Int64?, String)] = [
    (1 << 20, nil, "Minimum memory limit allowed is 6MB"),
    (nil, 10 << 20, "You should always set the Memory limit"),
    (20 << 20, 10 << 20, "Minimum memoryswap limit should be larger"),
]

@Suite struct SpecTests {
    @Test func theConfigurationIsOneTheSpecificationAllows() throws {
        let made = try configuration()
        #expect(try Configuration(decoding: .init(made.json)) == made)
        #expect(made.process?.args == ["sh"] && made.hostname == "box" && made.root.path == "/bundle/rootfs")
        #expect(made.linux.namespaces.map(\.type) == [.mount, .network, .pid, .ipc, .uts])
    }

    @Test func theEnvironmentIsDockers() throws {
        let made = try configuration { record, facts in
            record.environment = ["A=1", "PATH=/bin"]
            record.hasTerminal = true
            facts.identity.home = "/root"
        }
        #expect(made.process?.env == ["PATH=/bin", "HOSTNAME=box", "TERM=xterm", "A=1", "HOME=/root"])
    }

    @Test func rootHasTheGrantedCapabilitiesAndOthersOnlyTheBound() throws {
        #expect(try configuration().process?.capabilities?.effective == defaultCapabilities)
        let user = try configuration { _, facts in facts.identity.uid = 5 }.process?.capabilities
        #expect(user?.bounding == defaultCapabilities && user?.effective == [] && user?.permitted == [])
    }

    @Test(arguments: [
        ([String](), ["ALL"], [String]()), (["net_raw"], ["ALL"], ["CAP_NET_RAW"]),
        (["ALL"], ["CHOWN"], ["CAP_KILL", "CAP_SYS_ADMIN"]),
        (["SYS_ADMIN", "KILL"], ["all", "kill"], ["CAP_SYS_ADMIN", "CAP_KILL"]),
    ])
    func capabilitiesAreAddedAndDropped(_ added: [String], _ dropped: [String], _ granted: [String]) throws {
        let all = ["CAP_CHOWN", "CAP_KILL", "CAP_SYS_ADMIN"]
        #expect(
            try grantedCapabilities(added: added, dropped: dropped, isPrivileged: false, available: all)
                == granted)
    }

    @Test func anUnknownCapabilityIsNamed() {
        #expect {
            try grantedCapabilities(added: ["FLY"], dropped: [], isPrivileged: false, available: [])
        } throws: { "\($0)" == #"invalid CapAdd: unknown capability: "CAP_FLY""# }
    }

    @Test func filesOfTheNetworkGiveWayToWhatIsMountedThere() throws {
        #expect(mount(try configuration(), "/etc/hosts")?.source == "/s/hosts")
        let made = try configuration { record, _ in
            var own = ContainerRecord.Mount()
            (own.source, own.destination, own.isReadOnly) = ("/my/hosts", "/etc/hosts", true)
            record.mounts = [own]
        }
        #expect(mount(made, "/etc/hosts")?.source == "/my/hosts")
        #expect(mount(made, "/etc/hosts")?.options == ["rbind", "ro", "rprivate"])
    }

    @Test func mountsGoFromTheTopDown() throws {
        let made = try configuration { record, facts in
            for destination in ["/a/b/c", "/a"] {
                var own = ContainerRecord.Mount()
                (own.kind, own.source, own.destination) = (.volume, "v", destination)
                record.mounts.append(own)
            }
            facts.volumes = ["v": "/volumes/v/_data"]
        }
        let places = made.mounts.map(\.destination)
        #expect(places.firstIndex(of: "/a").map { $0 < (places.firstIndex(of: "/a/b/c") ?? 0) } == true)
        #expect(mount(made, "/a")?.source == "/volumes/v/_data")
    }

    @Test func aPrivilegedContainerHasNothingHidden() throws {
        let made = try configuration { record, _ in record.isPrivileged = true }
        #expect(
            made.linux.seccomp == nil && made.linux.maskedPaths.isEmpty && made.linux.readonlyPaths.isEmpty)
        #expect(mount(made, "/sys")?.options.contains("ro") == false)
        #expect(made.process?.capabilities?.bounding.contains("CAP_SYS_ADMIN") == true)
        let plain = try configuration().linux
        #expect(plain.maskedPaths.contains("/proc/kcore") && plain.readonlyPaths.contains("/proc/sys"))
    }

    @Test func limitsBecomeResources() throws {
        let resources = try configuration { record, facts in
            record.limits.memory = 256 << 20
            record.limits.nanoCPUs = 1_500_000_000
            record.limits.pids = 100
            facts.limitsSwap = true
        }.linux.resources
        #expect(resources.memory?.limit == 256 << 20 && resources.memory?.swap == 512 << 20)
        #expect(resources.cpu?.quota == 150_000 && resources.cpu?.period == 100_000)
        #expect(resources.pids?.limit == 100)
    }

    @Test(arguments: wrongLimits)
    func limitsThatCannotBeAreRefused(_ memory: Int64?, _ swap: Int64?, _ reason: String) {
        #expect {
            try configuration { record, _ in
                record.limits.memory = memory
                record.limits.memoryAndSwap = swap
            }
        } throws: {
            "\($0)".contains(reason)
        }
    }

    @Test func asMuchSwapAgainIsNotMoreThanANumberHolds() throws {
        for (memory, swap) in [(Int64(1) << 30, Int64(2) << 30), (5 << 60, Int64.max)] {
            let made = try configuration { record, facts in
                record.limits.memory = memory
                facts.limitsSwap = true
            }
            #expect(made.linux.resources.memory?.swap == swap)
        }
    }

    @Test func theNetworkOfTheHostKeepsItsParameters() throws {
        let names = try configuration().linux.sysctl.map(\.name)
        #expect(names == ["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range"])
        #expect(try configuration { _, facts in facts.networkNamespace = nil }.linux.sysctl.isEmpty)
        #expect {
            try configuration { record, facts in
                facts.networkNamespace = nil
                record.sysctls = ["net.core.somaxconn": "1"]
            }
        } throws: { "\($0)".contains("not allowed in host network namespace") }
    }

    @Test func nothingToRunIsSaid() {
        #expect { try configuration { record, _ in record.arguments = [] } } throws: {
            "\($0)" == "no command specified"
        }
    }
}
