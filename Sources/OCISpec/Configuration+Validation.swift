public import JSON

extension Configuration {
    /// Checks what the values mean, alone and together. Pure: asks neither the kernel nor the file system.
    ///
    /// - Throws: ``JSONError`` naming the first value the specification or the kernel does not allow, in the
    ///   order of config.md, and what is allowed there.
    public func validate() throws(JSONError) {
        try validateVersion()
        try process?.validate(at: "process")
        try require(!root.path.isEmpty, "root.path", "must not be empty")
        try validateHostNames()
        for (index, mount) in mounts.enumerated() {
            try mount.validate(at: "mounts[\(index)]", hasUserNamespace: linux.namespace(.user) != nil)
        }
        try hooks.validate(at: "hooks")
        try require(annotations[""] == nil, "annotations", "a name must not be empty")
        try linux.validate(at: "linux")
    }

    /// SemVer 2.0.0 with major version 1. Minor versions are compatible in both directions.
    private func validateVersion() throws(JSONError) {
        let numbers = ociVersion.prefix { $0 != "-" && $0 != "+" }
            .split(separator: ".", omittingEmptySubsequences: false)
        let isVersion = numbers.count == 3 && numbers.allSatisfy { UInt32($0) != nil && $0.first != "+" }
        try require(
            isVersion && numbers[0] == "1", "ociVersion",
            "'\(ociVersion)' is not supported (allowed: versions 1.x.y of the specification)")
    }

    private func validateHostNames() throws(JSONError) {
        let hasNamespace = linux.namespace(.uts) != nil
        for (name, value) in [("hostname", hostname), ("domainname", domainname)] {
            guard let value else { continue }
            try require(hasNamespace, name, "needs a uts namespace in linux.namespaces")
            try require(value.utf8.count <= 64, name, "is longer than 64 bytes")
        }
    }
}

extension Mount {
    func validate(at path: String, hasUserNamespace: Bool) throws(JSONError) {
        try require(!destination.isEmpty, "\(path).destination", "must not be empty")
        if let option = options.first(where: { $0 == "idmap" || $0 == "ridmap" }), uidMappings.isEmpty {
            try require(
                hasUserNamespace, "\(path).options",
                "'\(option)' needs uidMappings and gidMappings, or a user namespace in linux.namespaces")
        }
        let missing = uidMappings.isEmpty ? "uidMappings" : "gidMappings"
        try require(
            uidMappings.isEmpty == gidMappings.isEmpty, "\(path).\(missing)",
            "uidMappings and gidMappings need each other")
        try IDMapping.validate(uidMappings, at: "\(path).uidMappings")
        try IDMapping.validate(gidMappings, at: "\(path).gidMappings")
    }
}

extension IDMapping {
    /// The kernel takes no more lines than this (user_namespaces(7)).
    private static let maximumCount = 340

    /// Checks a whole map. `path` is that of the list.
    static func validate(_ mappings: [IDMapping], at path: @autoclosure () -> String) throws(JSONError) {
        try require(mappings.count <= maximumCount, path(), "has more than \(maximumCount) entries")
        for (index, mapping) in mappings.enumerated() {
            try require(mapping.size > 0, "\(path())[\(index)].size", "must be greater than 0")
            for (name, first) in [("containerID", mapping.containerID), ("hostID", mapping.hostID)] {
                // The last number is the kernel's "no ID".
                try require(
                    UInt64(first) + UInt64(mapping.size) <= UInt64(UInt32.max), "\(path())[\(index)].\(name)",
                    "\(first) and the size \(mapping.size) go beyond the last ID (4294967294)")
            }
            for other in mappings[..<index] {
                try require(
                    !overlap(mapping.containerID, mapping.size, other.containerID, other.size),
                    "\(path())[\(index)].containerID", "the IDs are mapped twice")
                try require(
                    !overlap(mapping.hostID, mapping.size, other.hostID, other.size),
                    "\(path())[\(index)].hostID", "the IDs are mapped twice")
            }
        }
    }

    private static func overlap(_ one: UInt32, _ size: UInt32, _ other: UInt32, _ otherSize: UInt32) -> Bool {
        UInt64(one) < UInt64(other) + UInt64(otherSize) && UInt64(other) < UInt64(one) + UInt64(size)
    }
}

extension Hooks {
    func validate(at path: String) throws(JSONError) {
        let phases = [
            ("prestart", prestart), ("createRuntime", createRuntime), ("createContainer", createContainer),
            ("startContainer", startContainer), ("poststart", poststart), ("poststop", poststop),
        ]
        for (name, hooks) in phases {
            for (index, hook) in hooks.enumerated() {
                try requireAbsolute(hook.path, "\(path).\(name)[\(index)].path")
                try require(
                    (hook.timeout ?? 1) > 0, "\(path).\(name)[\(index)].timeout",
                    "must be greater than 0")
            }
        }
    }
}
