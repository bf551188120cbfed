import Foundation
import Kernel
import Testing

/// Changes a process makes to itself, each in a process of its own.
@Suite struct AttributeTests {
    @Test func theHighestCapabilityIsTheKernels() throws {
        let text = try readText("/proc/sys/kernel/cap_last_cap")
        #expect("\(highestCapability())" == text)
    }

    @Test(.enabled(if: effectiveUserID() == 0)) func onlyWhatIsKeptStaysInTheBoundingSet() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let kept: UInt64 = 1 << 0 | 1 << 10 | 1 << 38
            try dropBoundingSet(keeping: kept)
            guard try status("CapBnd") == kept else { exitNow(1) }
            // Without the right: what is gone already is no error, anything else is.
            try setCapabilities(effective: 1, permitted: 1, inheritable: 0)
            try dropBoundingSet(keeping: kept | 1 << 5)
            do throws(SystemError) {
                try dropBoundingSet(keeping: 1)
                exitNow(2)
            } catch { exitNow(error.errno == .notPermitted ? 0 : 3) }
        }
    }

    @Test(.enabled(if: effectiveUserID() == 0)) func setsAreSetAndReadBack() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let (chown, checkpoint): (UInt64, UInt64) = (1 << 0, 1 << 40)
            try setCapabilities(effective: chown, permitted: chown | checkpoint, inheritable: checkpoint)
            let seen = try currentCapabilities()
            guard seen == (chown, chown | checkpoint, checkpoint) else { exitNow(1) }
            try setAmbient(checkpoint)
            guard try status("CapAmb") == checkpoint else { exitNow(2) }
            try setAmbient(0)
            guard try status("CapAmb") == 0 else { exitNow(3) }
            do throws(SystemError) {
                try setAmbient(chown)  // not inheritable
                exitNow(4)
            } catch { exitNow(error.errno == .notPermitted ? 0 : 5) }
        }
    }

    @Test func whatMayNotBePermittedIsNamed() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try setCapabilities(effective: 0, permitted: 0, inheritable: 0)
            do throws(SystemError) {
                try setCapabilities(effective: 0, permitted: 1 << 21, inheritable: 0)
                exitNow(1)
            } catch { exitNow("\(error)".contains("lacks CAP_SYS_ADMIN") ? 0 : 2) }
        }
    }

    @Test(.enabled(if: effectiveUserID() == 0)) func keptCapabilitiesSurviveAChangeOfUser() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try setKeepCapabilities(true)
            try setUserID(1234)
            guard try currentCapabilities().permitted != 0, try currentCapabilities().effective == 0 else {
                exitNow(1)
            }
            exitNow(0)
        }
    }

    @Test func switchesAreSet() async {
        await #expect(processExitsWith: .exitCode(0)) {
            try setNoNewPrivileges()
            guard try status("NoNewPrivs") == 1 else { exitNow(1) }
            try setProcessName("a name which is longer than fifteen")
            guard try statusText("Name") == "a name which is" else { exitNow(2) }
            try setParentDeathSignal(Signal.terminate)
            try setChildSubreaper(true)
            try setDumpable(false)
            // What is not dumpable belongs to root in /proc.
            exitNow(try fileStatus("/proc/self/environ").uid == 0 ? 0 : 3)
        }
    }

    @Test func aLimitIsSetOnAnotherProcess() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let openFiles: Int32 = 7
            let hard = try currentLimit(openFiles).hard
            try setLimit(ResourceLimit(resource: openFiles, soft: 100, hard: hard), of: processID())
            guard try currentLimit(openFiles).soft == 100 else { exitNow(1) }
            do throws(SystemError) {
                try setLimit(ResourceLimit(resource: openFiles, soft: 9, hard: 8))
                exitNow(2)
            } catch { exitNow(error.errno == .invalidArgument ? 0 : 3) }
        }
    }

    @Test func schedulingIsSet() async {
        await #expect(processExitsWith: .exitCode(0)) {
            var attributes = SchedulingAttributes()
            attributes.policy = 3  // SCHED_BATCH
            attributes.nice = 7
            try setScheduling(attributes)
            let fields = try readText("/proc/thread-self/stat").split(separator: ")").last?.split(
                separator: " ")
            guard fields?[16] == "7", fields?[38] == "3" else { exitNow(1) }
            try setIOPriority(class: 3, level: 0)
            try setPersonality(8)
            exitNow(try readText("/proc/thread-self/personality") == "00000008" ? 0 : 2)
        }
    }

    @Test func affinityIsSet() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let before = try currentAffinity()
            guard let first = before.firstIndex(where: { $0 != 0 }) else { exitNow(1) }
            var mask = [UInt64](repeating: 0, count: first + 1)
            mask[first] = 1 << UInt64(before[first].trailingZeroBitCount)
            try setAffinity(mask)
            guard try currentAffinity().prefix(first + 1) == mask[...] else { exitNow(2) }
            do throws(SystemError) {
                try setAffinity([0])
                exitNow(3)
            } catch { exitNow(error.errno == .invalidArgument ? 0 : 4) }
        }
    }

    @Test(.enabled(if: fileExists("/proc/keys"))) func aSessionKeyringIsJoinedAndGrantsMore() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let name = "_ses.apus-test-\(processID())"
            let key = try joinSessionKeyring(name)
            try key.grant(0x0008_0000)
            let line = try readText("/proc/keys").split(separator: "\n").first { $0.contains(name) }
            guard let fields = line?.split(separator: " "), let bits = UInt32(fields[4], radix: 16) else {
                exitNow(1)
            }
            exitNow(bits & 0x3f08_0000 == 0x3f08_0000 ? 0 : 2)
        }
    }

    @Test func directoriesBelowOneWhichTakesNoneAreAnError() {
        let error = #expect(throws: SystemError.self) { try makeDirectories("/proc/no/such", mode: 0o700) }
        #expect(error?.errno == .noEntity)
    }

    @Test func aFileInMemoryIsReadFromItsStart() throws {
        let file = try FileDescriptor.inMemory("test")
        let bytes = [UInt8](repeating: 7, count: 40000)
        try file.write(bytes)
        #expect(try file.contents() == bytes)
    }
}

/// A field of the thread's status: the attributes are the thread's own.
private func statusText(_ name: String) throws -> String? {
    try readText("/proc/thread-self/status").split(separator: "\n").first { $0.hasPrefix("\(name):\t") }
        .map { String($0.dropFirst(name.count + 2)) }
}

private func status(_ name: String) throws -> UInt64? {
    try statusText(name).flatMap { UInt64($0, radix: 16) }
}
