internal import OCISpec

/// What may be done with a device. The bits are those of the kernel's `BPF_DEVCG_ACC_`.
struct DeviceAccess: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let mknod = DeviceAccess(rawValue: 1)
    static let read = DeviceAccess(rawValue: 2)
    static let write = DeviceAccess(rawValue: 4)
    static let all: DeviceAccess = [.mknod, .read, .write]

    /// As the devices controller of v1 writes it.
    var letters: String {
        (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.mknod) ? "m" : "")
    }
}

/// A set of devices. `nil` means any.
struct DevicePattern: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case block = "b"
        case character = "c"
    }

    var kind: Kind?
    var major: UInt32?
    var minor: UInt32?

    static let everything = DevicePattern()

    /// Whether every device of `other` is in this one.
    func covers(_ other: DevicePattern) -> Bool {
        (kind == nil || kind == other.kind) && (major == nil || major == other.major)
            && (minor == nil || minor == other.minor)
    }

    /// Whether some device is in both.
    func overlaps(_ other: DevicePattern) -> Bool {
        (kind == nil || other.kind == nil || kind == other.kind)
            && (major == nil || other.major == nil || major == other.major)
            && (minor == nil || other.minor == nil || minor == other.minor)
    }
}

/// One entry of the list. The last one that matches a device and an access decides.
struct DeviceEntry: Hashable, Sendable {
    var allows: Bool
    var pattern: DevicePattern
    var access: DeviceAccess

    func covers(_ other: DeviceEntry) -> Bool {
        pattern.covers(other.pattern) && access.isSuperset(of: other.access)
    }
}

/// The rules of a container, reduced to those which decide anything.
///
/// Everything is forbidden at first, then come the rules of config.json, then the devices every container has:
/// the order of runc.
struct DeviceRules: Hashable, Sendable {
    /// What holds where no entry matches.
    private(set) var allowsByDefault = false
    private(set) var entries: [DeviceEntry] = []

    /// Whether no device is kept from the container.
    var allowsEverything: Bool { allowsByDefault && entries.isEmpty }

    /// - Throws: ``CgroupError/invalid(path:value:reason:)`` for letters or numbers the kernel does not know.
    init(_ rules: [Resources.DeviceRule], withDefaults: Bool = true) throws(CgroupError) {
        var list: [DeviceEntry] = []
        for (index, rule) in rules.enumerated() { list.append(try DeviceEntry(rule, index)) }
        if withDefaults { list += DeviceEntry.defaults }
        reduce(list)
    }

    private mutating func reduce(_ list: [DeviceEntry]) {
        var kept: [DeviceEntry] = []
        // From the end, because the last one decides: what a later entry covers is never asked.
        for entry in list.reversed() where !kept.contains(where: { $0.covers(entry) }) {
            if entry.pattern == .everything, entry.access == .all {
                allowsByDefault = entry.allows
                break
            }
            kept.append(entry)
        }
        let fromStart = Array(kept.reversed())
        // An entry says nothing new unless an earlier one says the opposite about some of its devices.
        for entry in fromStart
        where entry.allows != allowsByDefault || entries.contains(where: { $0.contradicts(entry) }) {
            entries.append(entry)
        }
    }
}

extension DeviceEntry {
    fileprivate func contradicts(_ other: DeviceEntry) -> Bool {
        allows != other.allows && pattern.overlaps(other.pattern) && !access.isDisjoint(with: other.access)
    }

    fileprivate init(_ rule: Resources.DeviceRule, _ index: Int) throws(CgroupError) {
        let path = "devices[\(index)]"
        allows = rule.allow
        pattern = DevicePattern(
            kind: rule.type == .all ? nil : rule.type == .block ? .block : .character,
            major: try Self.number(rule.major, path + ".major"),
            minor: try Self.number(rule.minor, path + ".minor"))
        access = []
        for letter in rule.access.utf8 {
            switch letter {
            case UInt8(ascii: "r"): access.insert(.read)
            case UInt8(ascii: "w"): access.insert(.write)
            case UInt8(ascii: "m"): access.insert(.mknod)
            default: throw .invalid(path + ".access", rule.access, "may have the letters r, w and m only")
            }
        }
        if access.isEmpty { access = .all }
    }

    /// -1, too, is how engines write "any".
    private static func number(_ number: Int64?, _ path: String) throws(CgroupError) -> UInt32? {
        guard let number, number != -1 else { return nil }
        guard let fits = UInt32(exactly: number) else {
            throw .invalid(path, number, "is no device number")
        }
        return fits
    }

    /// What every container may do, whatever config.json says: make any device file, and use those of
    /// config-linux.md "Default Devices", the terminals of a devpts and, as runc has it, `/dev/net/tun`. The
    /// machine's console is not among them: a container's `/dev/console` is a terminal of its devpts.
    static let defaults: [DeviceEntry] = [
        any(.character), any(.block), one(1, 3), one(1, 5), one(1, 7), one(1, 8), one(1, 9), one(5, 0),
        one(5, 2), one(136, nil), one(10, 200),
    ]

    private static func any(_ kind: DevicePattern.Kind) -> DeviceEntry {
        DeviceEntry(allows: true, pattern: DevicePattern(kind: kind), access: .mknod)
    }

    private static func one(_ major: UInt32, _ minor: UInt32?) -> DeviceEntry {
        DeviceEntry(
            allows: true, pattern: DevicePattern(kind: .character, major: major, minor: minor), access: .all)
    }
}
