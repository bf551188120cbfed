extension ContainerRecord.Mount {
    /// Reads what stands behind `-v`: `[SOURCE:]DESTINATION[:OPTIONS]`, where a source with a slash in it is a path.
    ///
    /// `directory`: what a relative path starts from.
    package init(volumeOption text: String, directory: String) throws(EngineError) {
        self.init()
        let wrong = "invalid volume specification: '\(text)'"
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw EngineError("\(wrong): it is [SOURCE:]DESTINATION[:OPTIONS]", .invalid)
        }
        destination = try Self.destination(parts.count == 1 ? parts[0] : parts[1], wrong)
        kind = .volume
        guard parts.count > 1 else {
            isAnonymous = true
            return
        }
        source = parts[0]
        if source.contains("/") || source == "." || source == ".." {
            kind = .bind
            createsSource = true
            source = absolute(source, in: directory)
        } else {
            try checkVolumeName(source)
        }
        for option in parts.count > 2 ? parts[2].split(separator: ",").map(String.init) : [] {
            try setMode(option, parts[2])
        }
    }

    /// Modes which mean something at all, beside `ro`, `rw` and `nocopy`.
    private static let modes: Set<String> = [
        "z", "Z", "shared", "rshared", "slave", "rslave", "private", "rprivate", "consistent", "cached",
        "delegated", "noexec", "exec", "nodev", "dev", "nosuid", "suid", "bind", "rbind",
    ]

    private mutating func setMode(_ option: String, _ all: String) throws(EngineError) {
        switch option {
        case "ro": isReadOnly = true
        case "rw": isReadOnly = false
        case "nocopy" where kind == .volume: isNotFilled = true
        case _ where Self.modes.contains(option): options.append(option)
        default: throw EngineError("invalid mode: \(all)", .invalid)
        }
    }

    /// Reads what stands behind `--tmpfs`: `DESTINATION[:OPTIONS]`.
    package init(tmpfsOption text: String) throws(EngineError) {
        self.init()
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        kind = .tmpfs
        destination = try Self.destination(parts[0], "invalid tmpfs specification: '\(text)'")
        for option in parts.count > 1 ? parts[1].split(separator: ",").map(String.init) : [] {
            if option == "ro" { isReadOnly = true } else if option != "rw" { options.append(option) }
        }
    }

    fileprivate static func destination(_ path: String, _ wrong: String) throws(EngineError) -> String {
        guard path.hasPrefix("/") else {
            throw EngineError("\(wrong): invalid mount path: '\(path)' mount path must be absolute", .invalid)
        }
        let path = normalized(path)
        guard path != "/" else { throw EngineError("\(wrong): destination can't be '/'", .invalid) }
        return path
    }
}

extension ContainerRecord.Mount {
    /// Reads what stands behind `--mount`: `type=bind,source=PATH,target=PATH,readonly` and so on.
    package init(mountOption text: String) throws(EngineError) {
        self.init()
        kind = .volume
        for field in text.split(separator: ",").map(String.init) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = parts[0].lowercased()
            let value = parts.count > 1 ? String(parts[1]) : nil
            if try setFlag(key, value) { continue }
            guard let value else {
                throw EngineError("invalid field '\(field)' must be a key=value pair", .invalid)
            }
            try set(key, value, field)
        }
        try checkMount(text)
    }

    /// Whether the field was one that needs no value.
    private mutating func setFlag(_ key: String, _ value: String?) throws(EngineError) -> Bool {
        guard ["readonly", "ro", "volume-nocopy", "bind-nonrecursive"].contains(key) else { return false }
        guard let flag = ["": true, "1": true, "true": true, "0": false, "false": false][value ?? ""] else {
            throw EngineError("invalid value for \(key): \(value ?? "")", .invalid)
        }
        switch key {
        case "volume-nocopy": isNotFilled = flag
        case "bind-nonrecursive": if flag { options.append("bind") }
        default: isReadOnly = flag
        }
        return true
    }

    private mutating func set(_ key: String, _ value: String, _ field: String) throws(EngineError) {
        switch key {
        case "type":
            guard let kind = Kind(rawValue: value.lowercased()) else {
                let reason = ["image", "npipe", "cluster"].contains(value) ? "not supported" : "unknown"
                throw EngineError(
                    "mount type \"\(value)\" is \(reason) (there are: bind, volume, tmpfs)", .invalid)
            }
            self.kind = kind
        case "source", "src": source = value
        case "target", "dst", "destination": destination = try Self.destination(value, "invalid mount")
        case "bind-propagation", "bind-recursive", "consistency":
            if key == "bind-propagation" { options.append(value) }
        case "tmpfs-size": options.append("size=\(try byteCount(value, "tmpfs-size"))")
        case "tmpfs-mode": options.append("mode=\(value)")
        case "volume-label", "volume-driver", "volume-opt", "volume-subpath":
            guard key == "volume-driver", value == "local" else {
                throw EngineError("--mount \(key) is not supported by apus", .invalid)
            }
        default: throw EngineError("unexpected key '\(key)' in '\(field)'", .invalid)
        }
    }

    private mutating func checkMount(_ text: String) throws(EngineError) {
        guard !destination.isEmpty else {
            throw EngineError("invalid mount '\(text)': target is required", .invalid)
        }
        let wrong = "invalid mount config for type \"\(kind.rawValue)\""
        switch kind {
        case .bind:
            guard !source.isEmpty else {
                throw EngineError("\(wrong): field Source must not be empty", .invalid)
            }
            guard source.hasPrefix("/") else {
                throw EngineError(
                    "\(wrong): invalid mount path: '\(source)' mount path must be absolute", .invalid)
            }
        case .volume:
            if source.isEmpty { isAnonymous = true } else { try checkVolumeName(source) }
        case .tmpfs:
            guard source.isEmpty else { throw EngineError("\(wrong): field Source must be empty", .invalid) }
        }
    }
}

/// Refuses two mounts at one place.
package func checkMounts(_ mounts: [ContainerRecord.Mount]) throws(EngineError) {
    var seen: Set<String> = []
    for mount in mounts where !seen.insert(mount.destination).inserted {
        throw EngineError("Duplicate mount point: \(mount.destination)", .invalid)
    }
}

/// Refuses what cannot be a volume's name: at least two of letters, digits and `_.-`, the first a letter or digit.
package func checkVolumeName(_ name: String) throws(EngineError) {
    let isWord = { (byte: UInt8) in
        (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }
    guard name.utf8.count > 1, name.utf8.first.map(isWord) == true,
        name.utf8.allSatisfy({ isWord($0) || "_.-".utf8.contains($0) })
    else {
        throw EngineError(
            "\"\(name)\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" "
                + "are allowed. If you intended to pass a host directory, use absolute path", .invalid)
    }
}

/// `path` as an absolute one, starting from `directory`.
func absolute(_ path: String, in directory: String) -> String {
    normalized(path.hasPrefix("/") ? path : "\(directory)/\(path)")
}
