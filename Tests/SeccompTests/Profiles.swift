import Foundation
import OCISpec

/// C: `AUDIT_ARCH_...`, and the bit which makes an x86_64 number one of x32.
enum Machine {
    static let x86_64: UInt32 = 0xc000_003e
    static let i386: UInt32 = 0x4000_0003
    static let arm64: UInt32 = 0xc000_00b7
    static let x32Bit: UInt32 = 0x4000_0000
}

enum Verdict {
    static let killThread: UInt32 = 0
    static let allow: UInt32 = 0x7fff_0000
    static func errno(_ number: UInt32) -> UInt32 { 0x0005_0000 | number }
    static let missing = errno(38)
    static let denied = errno(1)
}

/// `names` are allowed, everything else is EPERM.
func allowing(
    _ names: [String], _ architectures: [OCISpec.Seccomp.Architecture] = [.x86_64, .x86, .x32]
) -> OCISpec.Seccomp {
    var profile = OCISpec.Seccomp()
    profile.defaultAction = .errno
    profile.architectures = architectures
    profile.syscalls = [rule(.allow, names)]
    return profile
}

func rule(
    _ action: OCISpec.Seccomp.Action, _ names: [String], _ args: [OCISpec.Seccomp.Argument] = [],
    errnoRet: UInt32? = nil
) -> OCISpec.Seccomp.Rule {
    var rule = OCISpec.Seccomp.Rule()
    rule.names = names
    rule.action = action
    rule.args = args
    rule.errnoRet = errnoRet
    return rule
}

func argument(
    _ index: UInt32, _ op: OCISpec.Seccomp.Operator, _ value: UInt64, _ valueTwo: UInt64 = 0
) -> OCISpec.Seccomp.Argument {
    var argument = OCISpec.Seccomp.Argument()
    (argument.index, argument.op, argument.value, argument.valueTwo) = (index, op, value, valueTwo)
    return argument
}

/// Engines' own profiles, as they reach a runtime for a container with the default capabilities.
enum EngineProfile {
    static let path = "/usr/share/containers/seccomp.json"
    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    private struct File: Decodable {
        struct Condition: Decodable { var caps: [String]?, arches: [String]?, minKernel: String? }
        struct Argument: Decodable { var index: UInt32, value: UInt64, valueTwo: UInt64, op: String }
        struct Rule: Decodable {
            var names: [String], action: String, args: [Argument]?, errnoRet: UInt32?
            var includes: Condition?, excludes: Condition?
        }
        var defaultAction: String, defaultErrnoRet: UInt32?, syscalls: [Rule]
    }

    /// Podman's file on an x86_64 machine.
    static func podman() throws -> OCISpec.Seccomp {
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: path)))
        var profile = OCISpec.Seccomp()
        profile.defaultAction = OCISpec.Seccomp.Action(rawValue: file.defaultAction) ?? .kill
        profile.defaultErrnoRet = file.defaultErrnoRet
        profile.architectures = [.x86_64, .x86, .x32]
        for entry in file.syscalls {
            if let caps = entry.includes?.caps, !caps.isEmpty, caps != ["CAP_SYS_CHROOT"] { continue }
            if let caps = entry.excludes?.caps, caps == ["CAP_SYS_CHROOT"] { continue }
            if let arches = entry.includes?.arches, !arches.isEmpty, !arches.contains("amd64") { continue }
            let args = (entry.args ?? []).map {
                argument($0.index, OCISpec.Seccomp.Operator(rawValue: $0.op) ?? .equal, $0.value, $0.valueTwo)
            }
            let action = OCISpec.Seccomp.Action(rawValue: entry.action) ?? .kill
            profile.syscalls.append(rule(action, entry.names, args, errnoRet: entry.errnoRet))
        }
        return profile
    }

    /// The same with EPERM for the rest, as Docker's file has it, and clone3 answered with ENOSYS.
    static func docker() throws -> OCISpec.Seccomp {
        var profile = try podman()
        profile.defaultErrnoRet = nil
        return profile
    }
}
