internal import OCISpec

/// One instruction of classic BPF. C: `struct sock_filter`.
struct Instruction: Hashable {
    static let size = 8
    var code: UInt16
    /// Instructions to skip where a comparison holds.
    var ifTrue: UInt8 = 0
    /// Instructions to skip where it does not.
    var ifFalse: UInt8 = 0
    var value: UInt32

    /// Loads the word at `offset` of `struct seccomp_data`.
    static func load(_ offset: UInt32) -> Instruction { Instruction(code: 0x20, value: offset) }
    /// Goes on after the next `count` instructions.
    static func skip(_ count: Int) -> Instruction { Instruction(code: 0x05, value: UInt32(count)) }
    /// Ends with `action`.
    static func answer(_ action: UInt32) -> Instruction { Instruction(code: 0x06, value: action) }
    static func ifEqual(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> Instruction {
        Instruction(code: 0x15, ifTrue: ifTrue, ifFalse: ifFalse, value: value)
    }
    static func ifGreater(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> Instruction {
        Instruction(code: 0x25, ifTrue: ifTrue, ifFalse: ifFalse, value: value)
    }
    static func ifAnyBit(_ value: UInt32, _ ifTrue: UInt8, else ifFalse: UInt8) -> Instruction {
        Instruction(code: 0x45, ifTrue: ifTrue, ifFalse: ifFalse, value: value)
    }

    /// As the kernel reads it, in this machine's byte order.
    var bytes: [UInt8] {
        withUnsafeBytes(of: code) { Array($0) } + [ifTrue, ifFalse] + withUnsafeBytes(of: value) { Array($0) }
    }
}

/// Instructions to put in front of a filter: they answer ENOSYS to system calls newer than the profile.
///
/// A program which tries a new call falls back to an old one on ENOSYS, but takes EPERM for an answer. What is newer
/// than the newest call the profile names is unknown to its author, so it is missing and not forbidden. Every other
/// call goes on to the filter itself. Nothing is put in front of a profile which lets unknown calls pass.
func unknownCallStub(_ profile: OCISpec.Seccomp) throws(SeccompError) -> [UInt8] {
    switch profile.defaultAction {
    // A tracer can do as if a call were there.
    case .allow, .log, .trace: return []
    default: break
    }
    let sections = StubSection.sections(for: profile).map(\.instructions).filter { !$0.isEmpty }
    guard !sections.isEmpty else { return [] }
    // seccomp_data: number at 0, architecture at 4.
    var program: [Instruction] = [.load(4)]
    var rest = sections.reduce(0) { $0 + $1.count }
    for var section in sections {
        rest -= section.count
        section[section.count - 1] = .skip(rest)
        program += section
    }
    return program.flatMap(\.bytes)
}

/// The part of the stub for one value of `AUDIT_ARCH_...`.
private struct StubSection {
    let audit: UInt32
    /// For each architecture of the library behind it (two for x86_64 and x32): the highest number named.
    var highest: [(token: UInt32, number: UInt32)] = []

    /// This machine's architecture first, because it is compared with first.
    static func sections(for profile: OCISpec.Seccomp) -> [StubSection] {
        var tokens = [Library.nativeToken]
        for token in profile.architectures.compactMap(Library.token) where !tokens.contains(token) {
            tokens.append(token)
        }
        let names = profile.syscalls.flatMap(\.names)
        var sections: [StubSection] = []
        for token in tokens {
            guard let highest = names.compactMap({ Library.number(of: $0, on: token) }).max() else {
                continue
            }
            // The kernel tells x32 from x86_64 by a bit of the number only.
            let audit = token == Library.token(of: .x32) ? Library.token(of: .x86_64) ?? token : token
            if let place = sections.firstIndex(where: { $0.audit == audit }) {
                sections[place].highest.append((token, highest))
            } else {
                sections.append(StubSection(audit: audit, highest: [(token, highest)]))
            }
        }
        return sections
    }

    /// Skips itself for another architecture; its last instruction is to be replaced by the way to the filter.
    var instructions: [Instruction] {
        let missing = OCISpec.Seccomp.Action.errno.code(38)  // ENOSYS
        var body: [Instruction] = [.load(0)]
        if isS390 {
            // The kernel says 0 for every number it does not know. 0 itself, setup(2), is long gone.
            body += [.ifEqual(0, 0, else: 1), .answer(missing)]
        }
        for (token, number) in highest {
            // A number of the other kind goes past the comparison: x32's are all above x86_64's.
            if token == Library.token(of: .x32) { body.append(.ifAnyBit(Self.x32Bit, 0, else: 2)) }
            if token == Library.token(of: .x86_64) { body.append(.ifAnyBit(Self.x32Bit, 2, else: 0)) }
            body += [.ifGreater(number, 0, else: 1), .answer(missing)]
        }
        body.append(.skip(0))
        return [.ifEqual(audit, 0, else: UInt8(body.count))] + body
    }

    /// C: `__X32_SYSCALL_BIT`.
    private static let x32Bit: UInt32 = 0x4000_0000

    private var isS390: Bool { audit == Library.token(of: .s390) || audit == Library.token(of: .s390x) }
}
