import Kernel
import OCISpec
import Testing

@testable import Seccomp

/// Filters which are really loaded, each in a process of its own.
@Suite struct LoadTests {
    @Test func theKernelTakesAndObeysAFilter() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var profile = OCISpec.Seccomp()
            profile.defaultAction = .allow
            profile.syscalls = [rule(.errno, ["sethostname"], errnoRet: 95)]
            guard hostnameErrno() != .notSupported else { exitNow(1) }
            try load(profile)
            exitNow(hostnameErrno() == .notSupported ? 0 : 2)
        }
    }

    @Test(.enabled(if: EngineProfile.isThere)) func aCallNewerThanTheProfileIsMissing() async {
        await #expect(processExitsWith: .exitCode(0)) {
            // Everything an engine allows, up to statx (332): openat2 (437) is then unknown.
            var profile = try EngineProfile.docker()
            for index in profile.syscalls.indices {
                profile.syscalls[index].names.removeAll { (Library.number(of: $0) ?? 0) > 400 }
            }
            let folder = try FileDescriptor.open("/", [.directory])
            try load(profile)
            do throws(SystemError) {
                _ = try folder.open(below: "proc", resolve: .beneath)
                exitNow(1)
            } catch {
                exitNow(error.errno == .noSuchCall && hostnameErrno() == .notPermitted ? 0 : 2)
            }
        }
    }

    @Test(.enabled(if: EngineProfile.isThere)) func anEnginesProfileLoadsWithItsFlags() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var profile = try EngineProfile.podman()
            profile.flags = [.log, .specAllow, .tsync]
            try load(profile)
            exitNow(hostnameErrno() == .notPermitted ? 0 : 1)
        }
    }

    @Test func aFilterThatNotifiesAnswersItsDescriptor() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var profile = OCISpec.Seccomp()
            profile.defaultAction = .allow
            profile.listenerPath = "/run/listener"
            profile.syscalls = [rule(.notify, ["sethostname"])]
            try setNoNewPrivileges()
            let program = try compileSeccomp(profile, cacheDirectory: nil)
            guard let listener = try loadSeccomp(program) else { exitNow(1) }
            exitNow(listener.rawValue >= 3 ? 0 : 2)
        }
    }

    @Test func aProgramTheKernelRefusesIsNamed() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try setNoNewPrivileges()
            let jump = SeccompProgram(instructions: Instruction.skip(9).bytes, flags: 0, notifies: false)
            do throws(SystemError) {
                _ = try loadSeccomp(jump)
                exitNow(1)
            } catch { exitNow(error.errno == .invalidArgument && error.call == "seccomp" ? 0 : 2) }
        }
    }
}

private func load(_ profile: OCISpec.Seccomp) throws {
    try setNoNewPrivileges()
    _ = try loadSeccomp(compileSeccomp(profile, cacheDirectory: nil))
}

/// The answer to a name which is too long: it is never set, and engines forbid the call.
private func hostnameErrno() -> Errno? {
    do throws(SystemError) {
        try setHostname(String(repeating: "a", count: 65))
        return nil
    } catch { return error.errno }
}
