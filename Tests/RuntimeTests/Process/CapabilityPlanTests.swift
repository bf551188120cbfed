import OCISpec
import Testing

@testable import Runtime

@Suite struct CapabilityPlanTests {
    private func capabilities(_ names: [String]) -> Capabilities {
        var capabilities = Capabilities()
        capabilities.bounding = names
        capabilities.effective = names
        capabilities.permitted = names
        return capabilities
    }

    @Test(arguments: [
        ("CAP_CHOWN", 0), ("CAP_KILL", 5), ("CAP_NET_BIND_SERVICE", 10), ("CAP_NET_RAW", 13),
        ("CAP_SYS_ADMIN", 21), ("CAP_MKNOD", 27), ("CAP_SETFCAP", 31), ("CAP_MAC_OVERRIDE", 32),
        ("CAP_AUDIT_READ", 37), ("CAP_CHECKPOINT_RESTORE", 40),
    ])
    func aNameHasTheKernelsNumber(_ name: String, _ number: Int) {
        #expect(CapabilityPlan.number(of: name) == number)
        #expect(CapabilityPlan(capabilities([name]), highest: 40).permitted == 1 << UInt64(number))
    }

    @Test func withoutASectionThereIsNoCapability() {
        let plan = CapabilityPlan(nil, highest: 40)
        #expect(plan.bounding == 0 && plan.permitted == 0 && plan.unknownNames.isEmpty)
    }

    @Test func inheritableIsNeverFilledFromAnotherSet() {
        #expect(CapabilityPlan(capabilities(["CAP_CHOWN", "CAP_KILL"]), highest: 40).inheritable == 0)
    }

    @Test(arguments: ["CAP_NO_SUCH", "cap_chown", "CHOWN", "", "CAP_CHECKPOINT_RESTORE"])
    func anUnknownNameIsLeftOutAndToldOnce(_ name: String) {
        let plan = CapabilityPlan(capabilities(["CAP_CHOWN", name]), highest: 39)
        #expect(plan.permitted == 1)
        #expect(plan.unknownNames == [name])
        #expect(plan.unknownNames == [name])
    }

    @Test func ambientIsOnlyWhatIsPermittedAndInheritable() {
        var sets = capabilities(["CAP_CHOWN", "CAP_KILL"])
        sets.inheritable = ["CAP_KILL", "CAP_NET_RAW"]
        sets.ambient = ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"]
        let plan = CapabilityPlan(sets, highest: 40)
        #expect(plan.ambient == 1 << 5)
    }

    @Test func whatTheKernelHasIsListed() {
        #expect(CapabilityPlan.supportedNames(highest: 37).last == "CAP_AUDIT_READ")
        #expect(CapabilityPlan.supportedNames(highest: 63).count == 41)
    }
}
