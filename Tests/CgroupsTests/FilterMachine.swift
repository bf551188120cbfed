@testable import Cgroups

/// A request the kernel puts to a device program or list.
struct DeviceRequest: Hashable, CustomStringConvertible {
    var kind: DevicePattern.Kind
    var major: UInt32
    var minor: UInt32
    var access: DeviceAccess

    var description: String { "\(kind.rawValue) \(major):\(minor) \(access.letters)" }
}

/// Runs the few instructions a device filter is made of, the way the kernel's BPF machine does.
///
/// Written from the instruction set's description, not from the assembler: it knows nothing of rules.
struct FilterMachine {
    struct Fault: Error {
        let text: String
    }

    /// The value the program leaves in r0; the kernel allows when it is not 0.
    static func run(_ program: [UInt64], _ request: DeviceRequest) throws(Fault) -> UInt64 {
        let type: UInt32 = request.kind == .block ? 1 : 2
        let context = [UInt32(request.access.rawValue) << 16 | type, request.major, request.minor]
        var registers = [UInt64?](repeating: nil, count: 11)
        registers[1] = 0xc0ffee  // the context's address
        var at = 0
        for _ in 0..<10_000 {
            guard program.indices.contains(at) else { throw Fault(text: "ran out of the program at \(at)") }
            let instruction = program[at]
            let code = UInt8(truncatingIfNeeded: instruction)
            let destination = Int(instruction >> 8 & 0xf)
            let source = Int(instruction >> 12 & 0xf)
            let offset = Int(Int16(bitPattern: UInt16(truncatingIfNeeded: instruction >> 16)))
            let value = Int32(bitPattern: UInt32(instruction >> 32))
            func read(_ index: Int) throws(Fault) -> UInt64 {
                guard let value = registers[index] else {
                    throw Fault(text: "r\(index) is read before it is set")
                }
                return value
            }
            at += 1
            switch code {
            case 0x61:
                guard try read(source) == 0xc0ffee, offset % 4 == 0, (0..<3).contains(offset / 4) else {
                    throw Fault(text: "loads from outside the context")
                }
                registers[destination] = UInt64(context[offset / 4])
            case 0xbf: registers[destination] = try read(source)
            case 0xb7: registers[destination] = UInt64(bitPattern: Int64(value))
            case 0x54:
                registers[destination] = UInt64(
                    UInt32(truncatingIfNeeded: try read(destination)) & UInt32(bitPattern: value))
            case 0x74:
                registers[destination] = UInt64(
                    UInt32(truncatingIfNeeded: try read(destination)) >> UInt32(value))
            case 0x55: if try read(destination) != UInt64(bitPattern: Int64(value)) { at += offset }
            case 0x45: if try read(destination) & UInt64(bitPattern: Int64(value)) != 0 { at += offset }
            case 0x05: at += offset
            case 0x95: return try read(0)
            default: throw Fault(text: "unknown instruction \(code)")
            }
        }
        throw Fault(text: "does not end")
    }

    /// Whether every instruction can be reached and every jump goes forward inside: what the verifier wants.
    static func isAcceptable(_ program: [UInt64]) -> Bool {
        var reached: Set<Int> = []
        var open = [0]
        while let at = open.popLast() {
            guard program.indices.contains(at) else { return false }
            if !reached.insert(at).inserted { continue }
            let code = UInt8(truncatingIfNeeded: program[at])
            let offset = Int(Int16(bitPattern: UInt16(truncatingIfNeeded: program[at] >> 16)))
            if code & 7 == 5, offset < 0 { return false }
            switch code {
            case 0x95: break
            case 0x05: open.append(at + 1 + offset)
            case 0x55, 0x45: open += [at + 1, at + 1 + offset]
            default: open.append(at + 1)
            }
        }
        return reached.count == program.count
    }
}

/// The device controller of v1 in the kernel: a default and exceptions, changed by lines.
/// Documentation/admin-guide/cgroup-v1/devices.rst and security/device_cgroup.c.
struct LegacyController {
    private var allowsByDefault = true
    private var exceptions: [(kind: Substring, major: Substring, minor: Substring, letters: Set<Character>)] =
        []

    mutating func write(_ line: String, allowing: Bool) {
        if line.hasPrefix("a") {
            allowsByDefault = allowing
            exceptions = []
            return
        }
        let words = line.split { $0 == " " || $0 == ":" }
        let letters = Set(words[3])
        // Only a line with the very same device changes one that is there.
        let index = exceptions.firstIndex {
            $0.kind == words[0] && $0.major == words[1] && $0.minor == words[2]
        }
        if allowing == allowsByDefault {
            guard let index else { return }
            exceptions[index].letters.subtract(letters)
            if exceptions[index].letters.isEmpty { exceptions.remove(at: index) }
        } else if let index {
            exceptions[index].letters.formUnion(letters)
        } else {
            exceptions.append((words[0], words[1], words[2], letters))
        }
    }

    func allows(_ request: DeviceRequest) -> Bool {
        let letters = Set(request.access.letters)
        let matching = exceptions.filter {
            $0.kind == request.kind.rawValue && ($0.major == "*" || UInt32($0.major) == request.major)
                && ($0.minor == "*" || UInt32($0.minor) == request.minor)
        }
        if allowsByDefault { return !matching.contains { !$0.letters.isDisjoint(with: letters) } }
        return matching.contains { $0.letters.isSuperset(of: letters) }
    }

    /// As `devices.list` shows it.
    var listing: String {
        if allowsByDefault { return "a *:* rwm" }
        return exceptions.map { "\($0.kind) \($0.major):\($0.minor) \(String($0.letters))" }.joined(
            separator: "\n")
    }
}
