import Kernel
import OCISpec
import Testing

@testable import Seccomp

@Suite struct CompileTests {
    @Test(
        arguments: [
            (OCISpec.Seccomp.Action.kill, nil, 0), (.killThread, nil, 0), (.killProcess, nil, 0x8000_0000),
            (.trap, nil, 0x0003_0000), (.errno, nil, 0x0005_0001), (.errno, 13, 0x0005_000d),
            (.errno, 0, 0x0005_0000),
            (.trace, nil, 0x7ff0_0001), (.trace, 7, 0x7ff0_0007), (.log, nil, 0x7ffc_0000),
            (.notify, nil, 0x7fc0_0000),
        ] as [(OCISpec.Seccomp.Action, UInt32?, UInt32)])
    func anActionIsTheKernels(_ action: OCISpec.Seccomp.Action, _ errno: UInt32?, _ code: UInt32) throws {
        var profile = OCISpec.Seccomp()
        profile.defaultAction = .allow
        profile.listenerPath = "/run/listener"
        profile.syscalls = [rule(action, ["getpid"], errnoRet: errno)]
        let machine = try FilterMachine(instructions(of: profile))
        #expect(try machine.verdict(Machine.x86_64, 39) == code)
        #expect(try machine.verdict(Machine.x86_64, 40) == Verdict.allow)
    }

    /// personality(2) is 135; its first argument is compared with 8.
    @Test(
        arguments: [
            (OCISpec.Seccomp.Operator.equal, [7: false, 8: true, 9: false]),
            (.notEqual, [7: true, 8: false, 9: true]), (.less, [7: true, 8: false, 9: false]),
            (.lessOrEqual, [7: true, 8: true, 9: false]), (.greater, [7: false, 8: false, 9: true]),
            (.greaterOrEqual, [7: false, 8: true, 9: true, 1 << 40: true]),
        ] as [(OCISpec.Seccomp.Operator, [UInt64: Bool])])
    func anOperatorCompares(_ op: OCISpec.Seccomp.Operator, _ table: [UInt64: Bool]) throws {
        var profile = allowing(["exit"])
        profile.syscalls.append(rule(.allow, ["personality"], [argument(0, op, 8)]))
        let machine = try FilterMachine(instructions(of: profile))
        for (value, isAllowed) in table {
            let verdict = try machine.verdict(Machine.x86_64, 135, value)
            #expect(verdict == (isAllowed ? Verdict.allow : Verdict.denied), "\(value)")
        }
    }

    @Test func aMaskIsTheFirstValueAndWhatMustBeLeftTheSecond() throws {
        var profile = allowing(["exit"])
        profile.syscalls.append(rule(.allow, ["clone"], [argument(0, .maskedEqual, 0x7e02_0000, 0)]))
        let machine = try FilterMachine(instructions(of: profile))
        #expect(try machine.verdict(Machine.x86_64, 56, 17) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 56, 0x1000_0000) == Verdict.denied)
    }

    @Test func conditionsOnDifferentArgumentsMustAllHold() throws {
        var profile = allowing(["exit"])
        let both = [argument(0, .equal, 16), argument(2, .equal, 9)]
        profile.syscalls.append(rule(.allow, ["socket"], both))
        let machine = try FilterMachine(instructions(of: profile))
        #expect(try machine.verdict(Machine.x86_64, 41, 16, 3, 9) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 41, 16, 3, 8) == Verdict.denied)
        #expect(try machine.verdict(Machine.x86_64, 41, 15, 3, 9) == Verdict.denied)
    }

    @Test func conditionsOnOneArgumentAreAlternatives() throws {
        var profile = allowing(["exit"])
        let either = [argument(0, .equal, 1), argument(0, .equal, 2), argument(1, .equal, 7)]
        profile.syscalls.append(rule(.allow, ["socket"], either))
        let machine = try FilterMachine(instructions(of: profile))
        #expect(try machine.verdict(Machine.x86_64, 41, 1, 0) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 41, 2, 0) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 41, 3, 7) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 41, 3, 0) == Verdict.denied)
    }

    @Test func aNameNobodyKnowsIsPassedOver() throws {
        let machine = try FilterMachine(instructions(of: allowing(["no_such_call", "getpid"])))
        #expect(try machine.verdict(Machine.x86_64, 39) == Verdict.allow)
    }

    @Test func aCallOnlyAnotherArchitectureHasIsAllowedThere() throws {
        let machine = try FilterMachine(instructions(of: allowing(["socketcall", "_llseek"])))
        #expect(try machine.verdict(Machine.i386, 102) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 102) == Verdict.denied)
    }

    @Test func aRuleLikeTheDefaultIsPassedOver() throws {
        var profile = allowing(["getpid"])
        profile.syscalls.append(rule(.errno, ["uname"]))
        let machine = try FilterMachine(instructions(of: profile))
        #expect(try machine.verdict(Machine.x86_64, 63) == Verdict.denied)
    }

    @Test func anArchitectureWhichIsNotListedIsKilled() throws {
        let machine = try FilterMachine(instructions(of: allowing(["getpid"], [.x86_64])))
        #expect(try machine.verdict(Machine.i386, 20) == Verdict.killThread)
        #expect(try machine.verdict(Machine.x86_64, Machine.x32Bit | 39) == Verdict.killThread)
    }

    @Test func thisMachinesArchitectureNeedNotBeListed() throws {
        let machine = try FilterMachine(instructions(of: allowing(["getpid"], [.x86])))
        #expect(try machine.verdict(Machine.x86_64, 39) == Verdict.allow)
        #expect(try machine.verdict(Machine.x86_64, 9999) == Verdict.missing)
    }
}
