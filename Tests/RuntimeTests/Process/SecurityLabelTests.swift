import OCISpec
import Testing

@testable import Runtime

@Suite struct SecurityLabelTests {
    private let both = SecurityModules(appArmorFile: "attr/apparmor/exec", hasSELinux: true)
    private let none = SecurityModules(appArmorFile: nil, hasSELinux: false)

    private func process(_ label: String?, _ profile: String?) -> OCISpec.Process {
        var process = OCISpec.Process()
        process.selinuxLabel = label
        process.apparmorProfile = profile
        return process
    }

    @Test func aProfileIsForTheNextProgram() throws {
        let labels = SecurityLabels(process(nil, "docker-default"), modules: both)
        #expect(try labels.writes() == [LabelWrite(file: "attr/apparmor/exec", text: "exec docker-default")])
        #expect(labels.creationWrites().isEmpty)
    }

    @Test func aLabelIsForTheProgramItsKeysAndItsSockets() throws {
        let label = "system_u:system_r:container_t:s0"
        let labels = SecurityLabels(process(label, nil), modules: both)
        #expect(try labels.writes() == [LabelWrite(file: "attr/exec", text: label)])
        #expect(labels.creationWrites().map(\.file) == ["attr/keycreate", "attr/sockcreate"])
        #expect(labels.creationWrites().allSatisfy { $0.text == label })
        #expect(labels.creationWrites(undo: true).allSatisfy { $0.text.isEmpty })
    }

    @Test func aModuleThatIsOffIsAnError() {
        expectUnsupported("process.apparmorProfile") { () throws(RuntimeError) in
            _ = try SecurityLabels(process(nil, "p"), modules: none).writes()
        }
        expectUnsupported("process.selinuxLabel") { () throws(RuntimeError) in
            _ = try SecurityLabels(process("l", nil), modules: none).writes()
        }
    }

    @Test(arguments: [nil, ""]) func whatIsNotAskedForIsNotWritten(_ text: String?) throws {
        let labels = SecurityLabels(process(text, text))
        #expect(labels.modules == none)
        #expect(try labels.writes().isEmpty && labels.creationWrites().isEmpty)
    }
}
