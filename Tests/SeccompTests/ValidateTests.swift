import Kernel
import OCISpec
import Testing

@testable import Seccomp

@Suite struct ValidateTests {
    @Test(arguments: [
        (notifying("write"), "linux.seccomp.syscalls[0].names[0]"),
        (with(allowing(["read"])) { $0.defaultAction = .notify }, "linux.seccomp.defaultAction"),
        (with(notifying("read")) { $0.listenerPath = nil }, "linux.seccomp.listenerPath"),
        (with(allowing(["read", ""])) { _ in }, "linux.seccomp.syscalls[0].names[1]"),
        (
            with(allowing(["read"])) {
                $0.syscalls[0].args = [argument(0, .equal, 0), argument(6, .equal, 0)]
            },
            "linux.seccomp.syscalls[0].args[1].index"
        ),
        (with(allowing(["read"])) { $0.syscalls[0].errnoRet = 2 }, "linux.seccomp.syscalls[0].errnoRet"),
        (
            with(allowing(["read"])) {
                $0.defaultAction = .kill
                $0.defaultErrnoRet = 2
            }, "linux.seccomp.defaultErrnoRet"
        ),
        (with(allowing(["read"])) { $0.architectures = [.x86, .m68k] }, "linux.seccomp.architectures[1]"),
    ])
    func aBadProfileIsRefusedWhereItIsBad(_ profile: OCISpec.Seccomp, _ path: String) {
        let error = #expect(throws: SeccompError.self) { try compileSeccomp(profile, cacheDirectory: nil) }
        #expect(error?.path == path, "\(String(describing: error))")
    }

    @Test func withoutFlagsTheMitigationIsLeftOff() throws {
        #expect(
            try compileSeccomp(allowing(["read"]), cacheDirectory: nil).flags == SeccompFlag.allowSpeculation)
    }

    @Test(
        arguments: [
            ([OCISpec.Seccomp.Flag](), 0), ([.tsync], 0), ([.log], 2), ([.specAllow, .log], 6),
            ([.waitKillableReceive], 0),
        ] as [([OCISpec.Seccomp.Flag], UInt32)])
    func flagsAreTheKernels(_ flags: [OCISpec.Seccomp.Flag], _ bits: UInt32) throws {
        let profile = with(allowing(["read"])) { $0.flags = flags }
        #expect(try compileSeccomp(profile, cacheDirectory: nil).flags == bits)
    }

    @Test func aListenerIsAskedForWhereACallNotifies() throws {
        let profile = with(notifying("mkdir")) { $0.flags = [.waitKillableReceive] }
        let program = try compileSeccomp(profile, cacheDirectory: nil)
        #expect(program.notifies && program.flags == SeccompFlag.waitKillable)
        #expect(try !compileSeccomp(allowing(["read"]), cacheDirectory: nil).notifies)
    }

    @Test func whatIsSupportedCanBeCompiled() throws {
        #expect(SeccompSupport.isEnabled)
        #expect(SeccompSupport.actions().contains(.killProcess) && SeccompSupport.actions().count == 9)
        #expect(SeccompSupport.supportedFlags().contains(.specAllow))
        #expect(SeccompSupport.architectures().contains(.aarch64))
        #expect(!SeccompSupport.architectures().contains(.m68k))
        for architecture in [OCISpec.Seccomp.Architecture.x86, .aarch64, .riscv64] {
            _ = try instructions(of: allowing(["read"], [architecture]))
        }
    }
}

private func notifying(_ name: String) -> OCISpec.Seccomp {
    var profile = OCISpec.Seccomp()
    profile.defaultAction = .allow
    profile.listenerPath = "/run/listener"
    profile.syscalls = [rule(.notify, [name])]
    return profile
}

private func with(_ profile: OCISpec.Seccomp, _ change: (inout OCISpec.Seccomp) -> Void) -> OCISpec.Seccomp {
    var profile = profile
    change(&profile)
    return profile
}
