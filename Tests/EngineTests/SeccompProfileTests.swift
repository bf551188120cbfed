import Engine
import JSON
import OCISpec
import Testing

private func names(_ seccomp: Seccomp) -> Set<String> {
    Set(seccomp.syscalls.filter { $0.action == .allow }.flatMap(\.names))
}

@Suite struct SeccompProfileTests {
    @Test func theStandardProfileAllowsTheEverydayAndRefusesTheRest() {
        let seccomp = SeccompProfile.standard.rendered(capabilities: defaultCapabilities, machine: "amd64")
        #expect(seccomp.defaultAction == .errno && seccomp.defaultErrnoRet == 1)
        #expect(seccomp.architectures == [.x86_64, .x86, .x32])
        let allowed = names(seccomp)
        #expect(
            allowed.isSuperset(of: ["read", "openat", "clone", "futex", "chroot", "socket", "arch_prctl"]))
        let refused: Set = [
            "mount", "bpf", "reboot", "keyctl", "add_key", "init_module", "unshare", "io_uring_setup",
        ]
        #expect(allowed.isDisjoint(with: refused))
        let clone3 = seccomp.syscalls.first { $0.names == ["clone3"] }
        #expect(clone3?.action == .errno && clone3?.errnoRet == 38)
    }

    @Test func aCapabilityOpensItsCalls() {
        let allowed = names(
            SeccompProfile.standard.rendered(
                capabilities: ["CAP_SYS_ADMIN", "CAP_SYS_TIME"], machine: "arm64"))
        #expect(allowed.isSuperset(of: ["mount", "clone3", "unshare", "clock_settime", "bpf"]))
        #expect(allowed.isDisjoint(with: ["chroot", "modify_ldt", "reboot"]))
    }

    @Test func noCallIsListedTwice() {
        let calls = SeccompProfile.standard.rules.filter { $0.rule.args.isEmpty && $0.includes == .init() }
            .flatMap(\.rule.names)
        #expect(Set(calls).count == calls.count)
    }

    @Test func aProfileOfDockerIsRead() throws {
        let text = """
            {"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64",
             "subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [
             {"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": {}, "excludes": {}},
             {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_CHROOT"]}},
             {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_MASKED_EQ"}],
              "excludes": {"caps": ["CAP_SYS_ADMIN"], "arches": ["s390x"]}}]}
            """
        let profile = try SeccompProfile(JSONReader(JSONValue(parsing: Array(text.utf8))))
        let seccomp = profile.rendered(capabilities: ["CAP_SYS_ADMIN"], machine: "amd64")
        #expect(names(seccomp) == ["read"] && seccomp.architectures == [.x86_64, .x86])
        #expect(
            names(profile.rendered(capabilities: ["CAP_SYS_CHROOT"], machine: "amd64")) == [
                "read", "chroot", "clone",
            ])
    }
}
