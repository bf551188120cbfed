/// The device rules as a program for the kernel's BPF machine. Documentation/bpf/standardization of the kernel.
///
///     r1  context: access << 16 | type, major, minor       r2  accesses nothing has decided about yet
///     r3  type: 1 block, 2 character                       r4, r5  major, minor
///
/// Rules are asked from the last to the first. One that allows takes its accesses out of r2, and all is well when
/// none is left; one that forbids any of them ends the program.
struct DeviceFilter: Hashable, Sendable {
    /// Each a `struct bpf_insn`: code, registers (destination in the low half), offset, value.
    private(set) var instructions: [UInt64] = []

    init(_ rules: DeviceRules) {
        emit(load32, 2, 1, offset: 0)
        emit(move, 3, 2)
        emit(andConstant, 3, value: 0xffff)
        emit(shiftRightConstant, 2, value: 16)
        emit(load32, 4, 1, offset: 4)
        emit(load32, 5, 1, offset: 8)
        for entry in rules.entries.reversed() { add(entry) }
        leave(rules.allowsByDefault)
    }

    private mutating func add(_ entry: DeviceEntry) {
        // No device has such a number, and a comparison would take it for a negative one.
        if let major = entry.pattern.major, major > Int32.max { return }
        if let minor = entry.pattern.minor, minor > Int32.max { return }
        var tests: [(register: UInt8, value: UInt32)] = []
        if let kind = entry.pattern.kind { tests.append((3, kind == .block ? 1 : 2)) }
        if let major = entry.pattern.major { tests.append((4, major)) }
        if let minor = entry.pattern.minor { tests.append((5, minor)) }
        let verdict = entry.access == .all ? 2 : 4
        for (index, test) in tests.enumerated() {
            let rest = tests.count - index - 1 + verdict
            emit(jumpUnlessEqual, test.register, offset: Int16(rest), value: test.value)
        }
        if entry.access == .all { return leave(entry.allows) }
        let bits = UInt32(entry.access.rawValue)
        if entry.allows {
            emit(andConstant, 2, value: ~bits)
            emit(jumpUnlessEqual, 2, offset: 2, value: 0)
        } else {
            emit(jumpIfAnyBit, 2, offset: 1, value: bits)
            emit(jump, 0, offset: 2)
        }
        leave(entry.allows)
    }

    private mutating func leave(_ allows: Bool) {
        emit(moveConstant, 0, value: allows ? 1 : 0)
        emit(exit, 0)
    }

    private mutating func emit(
        _ code: UInt8, _ destination: UInt8, _ source: UInt8 = 0, offset: Int16 = 0, value: UInt32 = 0
    ) {
        let registers = UInt64(destination | source << 4)
        instructions.append(
            UInt64(code) | registers << 8 | UInt64(UInt16(bitPattern: offset)) << 16 | UInt64(value) << 32)
    }
}

// Class and operation of each instruction used; the names of linux/bpf.h behind.
private let load32: UInt8 = 0x61  // BPF_LDX | BPF_MEM | BPF_W
private let move: UInt8 = 0xbf  // BPF_ALU64 | BPF_MOV | BPF_X
private let moveConstant: UInt8 = 0xb7  // BPF_ALU64 | BPF_MOV | BPF_K
private let andConstant: UInt8 = 0x54  // BPF_ALU | BPF_AND | BPF_K
private let shiftRightConstant: UInt8 = 0x74  // BPF_ALU | BPF_RSH | BPF_K
private let jumpUnlessEqual: UInt8 = 0x55  // BPF_JMP | BPF_JNE | BPF_K
private let jumpIfAnyBit: UInt8 = 0x45  // BPF_JMP | BPF_JSET | BPF_K
private let jump: UInt8 = 0x05  // BPF_JMP | BPF_JA
private let exit: UInt8 = 0x95  // BPF_JMP | BPF_EXIT
