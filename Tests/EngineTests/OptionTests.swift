import Engine
import Testing

private func volume(_ text: String) throws(EngineError) -> ContainerRecord.Mount {
    try ContainerRecord.Mount(volumeOption: text, directory: "/home/me")
}

private func inherited(_ name: String) -> String? { name == "SHELL" ? "/bin/sh" : nil }

private let wrongNetworkFlags: [(NetworkOptions, String)] = [
    (flags(networks: ["host", "a"]), "cannot attach both user-defined and non-user-defined"),
    (flags(networks: ["host"], links: ["a"]), "host type networking can't be used with links"),
    (flags(servers: ["x"]), "x is not an ip address"), (flags(hosts: ["x"]), "bad format for add-host"),
    (flags(hosts: ["x:y"]), "invalid IP address in add-host: \"y\""),
    (flags(mac: "zz"), "zz is not a valid mac address"), (flags(links: ["a:"]), "bad format for links"),
]

private func flags(
    networks: [String] = [], links: [String] = [], servers: [String] = [], hosts: [String] = [],
    mac: String? = nil
) -> NetworkOptions {
    var options = NetworkOptions()
    (options.networks, options.links, options.servers) = (networks, links, servers)
    (options.extraHosts, options.mac) = (hosts, mac)
    return options
}

@Suite struct OptionTests {
    @Test func aPathIsBoundAndANameIsAVolume() throws {
        let bind = try volume("/src:/dst/:ro,rshared")
        #expect(bind.kind == .bind && bind.source == "/src" && bind.destination == "/dst")
        #expect(bind.isReadOnly && bind.createsSource && bind.options == ["rshared"])
        #expect(try volume("./x:/y").source == "/home/me/x")
        let named = try volume("data:/var/lib:nocopy")
        #expect(named.kind == .volume && named.source == "data" && named.isNotFilled && !named.createsSource)
        let anonymous = try volume("/data")
        #expect(anonymous.kind == .volume && anonymous.isAnonymous && anonymous.source.isEmpty)
    }

    @Test(arguments: [
        ("a:b", "must be absolute"), ("a", "must be absolute"),
        ("/a:/b:ro:x", "invalid volume specification"),
        ("/a:/b:wrong", "invalid mode: wrong"), ("/a:/", "destination can't be '/'"),
        (":/b", "invalid volume"),
        ("!x:/b", "includes invalid characters"), ("", "invalid volume"),
    ])
    func aWrongVolumeIsExplained(_ text: String, _ reason: String) {
        #expect { try volume(text) } throws: { "\($0)".contains(reason) }
    }

    @Test func theLongFormOfAMountIsRead() throws {
        let bind = try ContainerRecord.Mount(
            mountOption: "type=bind,source=/src,target=/dst,readonly,bind-propagation=rslave")
        #expect(bind.kind == .bind && bind.isReadOnly && bind.options == ["rslave"] && !bind.createsSource)
        let memory = try ContainerRecord.Mount(mountOption: "type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=700")
        #expect(memory.kind == .tmpfs && memory.options == ["size=1048576", "mode=700"])
        #expect(try ContainerRecord.Mount(mountOption: "dst=/v").isAnonymous)
        let short = try ContainerRecord.Mount(tmpfsOption: "/run:size=1m,ro")
        #expect(short.isReadOnly && short.options == ["size=1m"])
    }

    @Test(arguments: [
        ("type=bind,source=/s", "target is required"), ("type=what,dst=/a", #"mount type "what" is unknown"#),
        ("type=bind,dst=/a", "field Source must not be empty"), ("bogus=1,dst=/a", "unexpected key 'bogus'"),
        ("dst", "must be a key=value pair"), ("type=bind,src=rel,dst=/a", "must be absolute"),
    ])
    func aWrongMountIsExplained(_ text: String, _ reason: String) {
        #expect { try ContainerRecord.Mount(mountOption: text) } throws: { "\($0)".contains(reason) }
    }

    @Test(arguments: [
        ("512", Int64(512)), ("1k", 1024), ("1.5g", 1_610_612_736), ("64MB", 64 << 20), ("2GiB", 2 << 30),
        ("7b", 7),
    ])
    func sizesAreRead(_ text: String, _ bytes: Int64) throws {
        #expect(try byteCount(text, "--memory") == bytes)
    }

    @Test(arguments: ["", "x", "1x", "-1", "9999999999g", "1..5", "."])
    func whatIsNoSizeIsRefused(_ text: String) {
        #expect { try byteCount(text, "--memory") } throws: { "\($0)".contains("--memory") }
    }

    @Test func processorsAndDurationsAreRead() throws {
        #expect(try processorBillionths("1.5") == 1_500_000_000)
        #expect(try nanoseconds("1m30s", "--health-interval") == 90_000_000_000)
        #expect(try nanoseconds("500ms", "") == 500_000_000)
        #expect { try nanoseconds("5", "--health-interval") } throws: {
            "\($0)".contains("--health-interval")
        }
    }

    @Test func variablesAreInheritedAndReplaced() throws {
        let file = (name: "file", text: "# comment\nA=file\n  B=2\r\nSHELL\n\nNOSUCH\n")
        #expect(
            try environment(["A=1", "SHELL", "NOSUCH", "C=x=y"], files: [file], inherited: inherited)
                == ["A=1", "B=2", "SHELL=/bin/sh", "C=x=y"])
        #expect { try environment([], files: [("f", "A B=1")], inherited: inherited) } throws: {
            "\($0)".contains("line 1: variable 'A B' contains whitespaces")
        }
    }

    @Test func restartPoliciesAndLimitsAreRead() throws {
        let policy = try ContainerRecord.RestartPolicy(option: "on-failure:3")
        #expect(policy.kind == .onFailure && policy.maximumRetries == 3)
        #expect { try ContainerRecord.RestartPolicy(option: "always:3") } throws: {
            "\($0)".contains("on-failure")
        }
        #expect { try ContainerRecord.RestartPolicy(option: "often") } throws: {
            "\($0)".contains("'unless-stopped'")
        }
        let limit = try ContainerRecord.Ulimit(option: "nofile=1024:unlimited")
        #expect(limit.name == "nofile" && limit.soft == 1024 && limit.hard == -1)
        let device = try ContainerRecord.Device(option: "/dev/null:/dev/none:rw")
        #expect(device.destination == "/dev/none" && device.access == "rw")
        #expect(try ContainerRecord.Device(option: "/dev/null:r").access == "r")
    }

    @Test func networkFlagsAreAboutTheFirstNetwork() throws {
        var options = NetworkOptions()
        (options.networks, options.aliases, options.ip4) = (
            ["front", "name=back,alias=b"], ["web"], "10.0.0.7"
        )
        guard case .networks(let endpoints) = try options.request().mode else {
            throw EngineError("no networks")
        }
        #expect(endpoints.map(\.network) == ["front", "back"] && endpoints[0].aliases == ["web"])
        #expect(endpoints[0].ip4 != nil && endpoints[1].ip4 == nil && endpoints[1].aliases == ["b"])
    }

    @Test(arguments: wrongNetworkFlags)
    func wrongNetworkFlagsAreExplained(_ options: NetworkOptions, _ reason: String) {
        #expect { try options.request() } throws: { "\($0)".contains(reason) }
    }
}
