import Kernel
import OCISpec
import Testing

@testable import Seccomp

@Suite struct StubTests {
    /// openat is 257 on x86_64 and 295 on i386.
    @Test(
        arguments: [
            (Machine.x86_64, 257, Verdict.allow), (Machine.x86_64, 256, Verdict.denied),
            (Machine.x86_64, 258, Verdict.missing), (Machine.x86_64, 9999, Verdict.missing),
            (Machine.i386, 295, Verdict.allow), (Machine.i386, 258, Verdict.denied),
            (Machine.i386, 296, Verdict.missing), (Machine.i386, 9999, Verdict.missing),
            (Machine.x86_64, 0x4000_0000 | 257, Verdict.allow),
            (Machine.x86_64, 0x4000_0000 | 256, Verdict.denied),
            (Machine.x86_64, 0x4000_0000 | 258, Verdict.missing), (Machine.arm64, 9999, Verdict.killThread),
        ] as [(UInt32, UInt32, UInt32)])
    func aCallAboveTheHighestNamedIsMissing(_ machine: UInt32, _ number: UInt32, _ verdict: UInt32) throws {
        let filter = try FilterMachine(instructions(of: allowing(["read", "openat", "no_such_call"])))
        #expect(try filter.verdict(machine, number) == verdict)
    }

    @Test(arguments: [OCISpec.Seccomp.Action.allow, .log, .trace])
    func aDefaultWhichLetsPassHasNoStub(_ action: OCISpec.Seccomp.Action) throws {
        var profile = allowing([])
        profile.defaultAction = action
        profile.syscalls = [rule(.errno, ["getpid"])]
        #expect(try unknownCallStub(profile).isEmpty)
        let filter = try FilterMachine(instructions(of: profile))
        #expect(try filter.verdict(Machine.x86_64, 9999) == action.code(nil))
    }

    @Test(arguments: [OCISpec.Seccomp.Action.kill, .killProcess, .trap, .errno])
    func aDefaultWhichRefusesHasOne(_ action: OCISpec.Seccomp.Action) throws {
        var profile = allowing(["getpid"])
        profile.defaultAction = action
        let filter = try FilterMachine(instructions(of: profile))
        #expect(try filter.verdict(Machine.x86_64, 9999) == Verdict.missing)
        #expect(try filter.verdict(Machine.x86_64, 38) == action.code(nil))
    }

    @Test func aCallTheProfileRefusesByNameCountsAsKnown() throws {
        var profile = allowing(["read"])
        profile.syscalls.append(rule(.errno, ["openat2"], errnoRet: 13))
        let filter = try FilterMachine(instructions(of: profile))
        #expect(try filter.verdict(Machine.x86_64, 437) == Verdict.errno(13))
        #expect(try filter.verdict(Machine.x86_64, 436) == Verdict.denied)
        #expect(try filter.verdict(Machine.x86_64, 438) == Verdict.missing)
    }

    @Test func s390AnswersItsNumberForUnknownCalls() throws {
        let stub = try unknownCallStub(allowing(["read", "openat"], [.s390x]))
        let s390x: UInt32 = 0x8000_0016
        let machine = try FilterMachine(stub + Instruction.answer(Verdict.allow).bytes)
        #expect(try machine.verdict(s390x, 0) == Verdict.missing)
        #expect(try machine.verdict(s390x, 3) == Verdict.allow)
        #expect(try machine.verdict(s390x, 289) == Verdict.missing)
    }

    /// Every number on every architecture: the stub changes what is above the highest name, and nothing else.
    @Test(.enabled(if: EngineProfile.isThere), arguments: [true, false])
    func anEnginesProfileIsOtherwiseLeftAlone(_ isDocker: Bool) throws {
        let profile = try isDocker ? EngineProfile.docker() : EngineProfile.podman()
        let bare = try FilterMachine(libraryInstructions(of: profile))
        let patched = try FilterMachine(instructions(of: profile))
        let names = profile.syscalls.flatMap(\.names)
        for (architecture, machine, bit) in [
            (OCISpec.Seccomp.Architecture.x86_64, Machine.x86_64, UInt32(0)),
            (.x86, Machine.i386, 0), (.x32, Machine.x86_64, Machine.x32Bit),
        ] {
            let token = try #require(Library.token(of: architecture))
            let highest = try #require(names.compactMap { Library.number(of: $0, on: token) }.max())
            #expect(highest > bit + 400 && highest < bit + 1000)
            for number in (0...1100).map({ bit | $0 }) {
                for argument: UInt64 in [0, 1, 8, 16, 0xffff_ffff, 0x7e02_0000] {
                    let expected = try bare.verdict(machine, number, argument, argument, 9)
                    let seen = try patched.verdict(machine, number, argument, argument, 9)
                    #expect(
                        seen == (number > highest ? Verdict.missing : expected), "\(architecture) \(number)")
                }
            }
        }
    }

    @Test(.enabled(if: EngineProfile.isThere)) func anEnginesProfileAllowsWhatItNames() throws {
        let filter = try FilterMachine(instructions(of: EngineProfile.docker()))
        let table: [(UInt32, [UInt64], UInt32)] = [
            (0, [], Verdict.allow), (59, [], Verdict.allow), (437, [], Verdict.allow),
            (135, [8], Verdict.allow), (135, [9], Verdict.denied),
            (41, [2, 1, 0], Verdict.allow), (41, [16, 3, 9], Verdict.errno(22)),
            (246, [], Verdict.denied), (9999, [], Verdict.missing), (UInt32.max, [], Verdict.missing),
        ]
        for (number, arguments, verdict) in table {
            let call = Call(architecture: Machine.x86_64, number: number, arguments: arguments)
            #expect(try filter.run(call).action == verdict, "\(number)")
        }
    }

    @Test(.enabled(if: EngineProfile.isThere)) func aCommonCallTakesFewInstructions() throws {
        let filter = try FilterMachine(instructions(of: EngineProfile.docker()))
        #expect(filter.count < 4096)
        for number: UInt32 in [0, 1, 202, 257] {
            #expect(try filter.run(Call(architecture: Machine.x86_64, number: number)).steps < 40)
        }
    }
}
