import Foundation

/// A system call as a filter sees it. C: `struct seccomp_data`.
struct Call: Hashable, Sendable {
    var architecture: UInt32
    var number: UInt32
    var arguments: [UInt64] = []

    /// The 32-bit word at `offset`, on a little-endian machine.
    func word(_ offset: UInt32) -> UInt32? {
        switch offset {
        case 0: return number
        case 4: return architecture
        case 8, 12: return 0  // instruction pointer
        case 16..<64 where offset % 4 == 0:
            let index = Int(offset - 16) / 8
            let argument = index < arguments.count ? arguments[index] : 0
            return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
        default: return nil
        }
    }
}

/// Runs a filter as the kernel would: classic BPF, without the parts seccomp forbids.
struct FilterMachine {
    struct Fault: Error { let text: String }

    private let program: [(code: UInt16, ifTrue: Int, ifFalse: Int, value: UInt32)]

    init(_ bytes: [UInt8]) throws {
        guard bytes.count % 8 == 0, !bytes.isEmpty else { throw Fault(text: "\(bytes.count) bytes") }
        program = bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 8).map {
                (
                    raw.loadUnaligned(fromByteOffset: $0, as: UInt16.self), Int(raw[$0 + 2]),
                    Int(raw[$0 + 3]),
                    raw.loadUnaligned(fromByteOffset: $0 + 4, as: UInt32.self)
                )
            }
        }
    }

    var count: Int { program.count }

    /// The action for `call`, with how many instructions it took.
    func run(_ call: Call) throws -> (action: UInt32, steps: Int) {
        var accumulator: UInt32 = 0
        var memory = [UInt32](repeating: 0, count: 16)
        var next = 0
        var steps = 0
        while next < program.count {
            let (code, ifTrue, ifFalse, value) = program[next]
            next += 1
            steps += 1
            switch code {
            case 0x20:
                guard let word = call.word(value) else { throw Fault(text: "load of \(value)") }
                accumulator = word
            case 0x02: memory[Int(value)] = accumulator
            case 0x60: accumulator = memory[Int(value)]
            case 0x54: accumulator &= value
            case 0x05: next += Int(value)
            case 0x15: next += accumulator == value ? ifTrue : ifFalse
            case 0x25: next += accumulator > value ? ifTrue : ifFalse
            case 0x35: next += accumulator >= value ? ifTrue : ifFalse
            case 0x45: next += accumulator & value != 0 ? ifTrue : ifFalse
            case 0x06: return (value, steps)
            default: throw Fault(text: "instruction \(String(code, radix: 16))")
            }
        }
        throw Fault(text: "fell off the end")
    }

    func verdict(_ architecture: UInt32, _ number: UInt32, _ arguments: UInt64...) throws -> UInt32 {
        try run(Call(architecture: architecture, number: number, arguments: arguments)).action
    }
}
