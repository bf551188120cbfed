internal import Kernel
internal import OCISpec

/// The capability sets a process gets, as the kernel wants them: bit N is capability N. config.md, "Linux Process".
///
/// A plan is made without rights. The inheritable set is exactly what the configuration says and never filled from
/// another set: programs with file capabilities would otherwise gain what nobody gave them (CVE-2022-29162).
struct CapabilityPlan: Hashable, Sendable {
    private(set) var bounding: UInt64 = 0
    private(set) var effective: UInt64 = 0
    private(set) var inheritable: UInt64 = 0
    private(set) var permitted: UInt64 = 0
    /// Only what is permitted and inheritable, too: the kernel refuses the rest.
    private(set) var ambient: UInt64 = 0
    /// Names this runtime or this kernel does not know, each once; they are left out of the sets.
    private(set) var unknownNames: [String] = []

    /// Reads the five lists; `nil` means no capability at all. `highest` is the kernel's highest.
    init(_ capabilities: Capabilities?, highest: Int = highestCapability()) {
        guard let capabilities else { return }
        bounding = mask(capabilities.bounding, highest)
        effective = mask(capabilities.effective, highest)
        inheritable = mask(capabilities.inheritable, highest)
        permitted = mask(capabilities.permitted, highest)
        ambient = mask(capabilities.ambient, highest) & permitted & inheritable
    }

    private mutating func mask(_ names: [String], _ highest: Int) -> UInt64 {
        var bits: UInt64 = 0
        for name in names {
            if let number = Self.number(of: name), number <= highest {
                bits |= 1 << UInt64(number)
            } else if !unknownNames.contains(name) {
                unknownNames.append(name)
            }
        }
        return bits
    }
}

extension CapabilityPlan {
    /// Names of the capabilities this kernel has, for `features`.
    static func supportedNames(highest: Int = highestCapability()) -> [String] {
        Array(capabilityNames.prefix(highest + 1))
    }

    /// The number of `name`, which must be written in full and in capitals.
    static func number(of name: String) -> Int? { capabilityNames.firstIndex(of: name) }

    /// The names of the bits in `mask`.
    static func names(_ mask: UInt64) -> [String] {
        var names: [String] = []
        for number in capabilityNames.indices where mask & (1 << UInt64(number)) != 0 {
            names.append(capabilityNames[number])
        }
        return names
    }
}
