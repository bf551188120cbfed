/// Device rules as the v1 controller keeps them: one default and exceptions from it, of which none has a type of
/// "any". Documentation/admin-guide/cgroup-v1/devices.rst.
struct DeviceList: Hashable, Sendable {
    var allowsByDefault: Bool
    /// In the order they were asked for; one for each pattern.
    private(set) var exceptions: [(pattern: DevicePattern, access: DeviceAccess)] = []

    /// - Throws: ``CgroupError/invalid(path:value:reason:)`` for rules v1 cannot express: an exception from an
    ///   exception. The kernel would silently ignore them, and a forbidden device would be allowed.
    init(_ rules: DeviceRules) throws(CgroupError) {
        allowsByDefault = rules.allowsByDefault
        for entry in rules.entries {
            for pattern in entry.pattern.kinds {
                if entry.allows == allowsByDefault {
                    try remove(pattern, entry)
                } else {
                    add(pattern, entry.access)
                }
            }
        }
    }

    /// Reads the text of `devices.list`. A default of "allow" hides its exceptions from the reader.
    init(listing text: String) {
        allowsByDefault = false
        for line in text.split(separator: "\n") {
            let fields = line.split { $0 == " " || $0 == ":" }
            guard fields.count == 4 else { continue }
            guard let kind = DevicePattern.Kind(rawValue: String(fields[0])) else {
                allowsByDefault = true
                continue
            }
            var access: DeviceAccess = []
            if fields[3].contains("r") { access.insert(.read) }
            if fields[3].contains("w") { access.insert(.write) }
            if fields[3].contains("m") { access.insert(.mknod) }
            add(DevicePattern(kind: kind, major: UInt32(fields[1]), minor: UInt32(fields[2])), access)
        }
    }

    private mutating func add(_ pattern: DevicePattern, _ access: DeviceAccess) {
        if let index = exceptions.firstIndex(where: { $0.pattern == pattern }) {
            exceptions[index].access.formUnion(access)
        } else {
            exceptions.append((pattern, access))
        }
    }

    private mutating func remove(_ pattern: DevicePattern, _ entry: DeviceEntry) throws(CgroupError) {
        for index in exceptions.indices {
            let (other, access) = exceptions[index]
            guard pattern.overlaps(other), !access.isDisjoint(with: entry.access) else { continue }
            guard pattern.covers(other) else {
                throw .invalid(
                    "devices", pattern.text(entry.access),
                    "cgroup v1 cannot make an exception from the rule \(other.text(access))")
            }
            exceptions[index].access.subtract(entry.access)
        }
        exceptions.removeAll { $0.access.isEmpty }
    }

    static func == (left: DeviceList, right: DeviceList) -> Bool {
        left.allowsByDefault == right.allowsByDefault && left.lines == right.lines
    }

    func hash(into hasher: inout Hasher) { hasher.combine(lines) }

    private var lines: [String] { exceptions.map { $0.pattern.text($0.access) } }
}

extension DeviceList {
    /// What must be written to get from one list to another, in order.
    struct Change: Hashable, Sendable {
        /// `devices.deny`, then `devices.allow`.
        var denied: [String] = []
        var allowed: [String] = []
        /// Whether the allowed lines go first.
        var allowsFirst = false
    }

    /// The fewest writes from `current` to this list. No device both have is ever taken away in between.
    func change(from current: DeviceList) -> Change {
        var change = Change()
        // The exceptions of an allowing list cannot be seen, so it is always started anew.
        let restarts = current.allowsByDefault || allowsByDefault
        let old = restarts ? [] : current.exceptions
        if restarts {
            if allowsByDefault { change.allowed = ["a"] } else { change.denied = ["a"] }
        }
        // Adding first: what both lists allow stays allowed all the time.
        change.allowsFirst = allowsByDefault || !restarts
        for (pattern, access) in old {
            let gone = access.subtracting(exceptions.first { $0.pattern == pattern }?.access ?? [])
            if !gone.isEmpty { change.denied.append(pattern.text(gone)) }
        }
        for (pattern, access) in exceptions {
            let new = access.subtracting(old.first { $0.pattern == pattern }?.access ?? [])
            if new.isEmpty { continue }
            if allowsByDefault {
                change.denied.append(pattern.text(new))
            } else {
                change.allowed.append(pattern.text(new))
            }
        }
        return change
    }
}

extension DevicePattern {
    /// The pattern for each type: v1 takes "any type" only together with everything else.
    fileprivate var kinds: [DevicePattern] {
        if kind != nil { return [self] }
        return [.character, .block].map { DevicePattern(kind: $0, major: major, minor: minor) }
    }

    /// As `devices.allow` wants it, for example `c 1:3 rwm`.
    func text(_ access: DeviceAccess) -> String {
        let numbers = (major.map(String.init) ?? "*") + ":" + (minor.map(String.init) ?? "*")
        return "\(kind?.rawValue ?? "a") \(numbers) \(access.letters)"
    }
}
