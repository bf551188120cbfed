import OCISpec
import Testing

@testable import Runtime

@Suite struct SecurityLabelTests {
    private let both = SecurityModules(hasAppArmor: true, hasSELinux: true)
    private let none = SecurityModules(hasAppArmor: false, hasSELinux: false)

    private func process(_ label: String?, _ profile: String?) -> OCISpec.Process {
        var process = OCISpec.Process()
        process.selinuxLabel = label
        process.apparmorProfile = profile
        return process
    }

    @Test func appArmorHasItsOwnFileFirst() throws {
        let writes = try labelWrites(process(nil, "docker-default"), modules: both)
        #expect(writes.map(\.paths) == [["attr/apparmor/exec", "attr/exec"]])
        #expect(writes.map(\.text) == ["exec docker-default"])
    }

    @Test func aLabelIsForTheProgramItsKeysAndItsSockets() throws {
        let process = process("system_u:system_r:container_t:s0", nil)
        #expect(try labelWrites(process, modules: both).map(\.paths) == [["attr/exec"]])
        let creation = creationLabelWrites(process, modules: both)
        #expect(creation.map(\.paths) == [["attr/keycreate"], ["attr/sockcreate"]])
        #expect(creation.allSatisfy { $0.text == process.selinuxLabel })
        #expect(creationLabelWrites(process, modules: both, undo: true).allSatisfy { $0.text.isEmpty })
    }

    @Test func aModuleThatIsOffIsAnError() {
        expectUnsupported("process.apparmorProfile") { () throws(RuntimeError) in
            _ = try labelWrites(process(nil, "p"), modules: none)
        }
        expectUnsupported("process.selinuxLabel") { () throws(RuntimeError) in
            _ = try labelWrites(process("l", nil), modules: none)
        }
    }

    @Test(arguments: [nil, ""]) func whatIsNotAskedForIsNotWritten(_ text: String?) throws {
        #expect(try labelWrites(process(text, text), modules: none).isEmpty)
        #expect(SecurityModules.present(for: process(text, text)) == none)
    }
}
