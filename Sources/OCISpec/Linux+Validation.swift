internal import JSON

extension Linux {
    /// The entry of this type; `nil` where the container shares the runtime's namespace.
    public func namespace(_ type: Namespace.Kind) -> Namespace? {
        namespaces.first { $0.type == type }
    }

    func validate(at path: String) throws(JSONError) {
        try validateNamespaces(at: path)
        try validateIDMappings(at: path)
        try validateTimeOffsets(at: path)
        for (index, device) in devices.enumerated() { try device.validate(at: "\(path).devices[\(index)]") }
        try validateNetDevices(at: path)
        try validateCgroupsPath(at: path)
        try resources.validate(at: "\(path).resources")
        try validatePaths(at: path)
        try require(
            personality?.flags.isEmpty ?? true, "\(path).personality.flags",
            "must be empty: no flag is defined")
        try seccomp?.validate(at: "\(path).seccomp")
        for parameter in sysctl { try validate(parameter, at: "\(path).sysctl") }
        try memoryPolicy?.validate(at: "\(path).memoryPolicy")
        try require(intelRdt == nil, "\(path).intelRdt", "is not supported by this runtime")
    }

    private func validateNamespaces(at path: String) throws(JSONError) {
        for (index, namespace) in namespaces.enumerated() {
            try require(
                !namespaces[..<index].contains { $0.type == namespace.type },
                "\(path).namespaces[\(index)].type", "'\(namespace.type.rawValue)' stands here a second time")
            if let file = namespace.path {
                try requireAbsolute(file, "\(path).namespaces[\(index)].path")
            }
        }
    }

    private func validateIDMappings(at path: String) throws(JSONError) {
        let namespace = namespace(.user)
        for (name, mappings) in [("uidMappings", uidMappings), ("gidMappings", gidMappings)] {
            try require(
                mappings.isEmpty || namespace != nil, "\(path).\(name)",
                "needs a user namespace in \(path).namespaces")
            // A namespace that exists has its maps already.
            try require(
                !mappings.isEmpty || namespace == nil || namespace?.path != nil, "\(path).\(name)",
                "a new user namespace needs at least one mapping")
            try IDMapping.validate(mappings, at: "\(path).\(name)")
        }
    }

    private func validateTimeOffsets(at path: String) throws(JSONError) {
        guard !timeOffsets.isEmpty else { return }
        let namespace = namespace(.time)
        try require(namespace != nil, "\(path).timeOffsets", "needs a time namespace in \(path).namespaces")
        try require(
            namespace?.path == nil, "\(path).timeOffsets", "a time namespace that exists keeps its offsets")
        for offset in timeOffsets {
            try require(
                offset.nanosecs, in: 0...999_999_999,
                "\(path).timeOffsets.\(offset.clock.rawValue).nanosecs")
        }
    }

    private func validateNetDevices(at path: String) throws(JSONError) {
        guard !netDevices.isEmpty else { return }
        let path = "\(path).netDevices"
        try require(namespace(.network) != nil, path, "needs a network namespace in linux.namespaces")
        for (index, device) in netDevices.enumerated() {
            try requireInterfaceName(device.hostName, JSONError.path(path, device.hostName))
            let name = device.name ?? device.hostName
            let namePath = "\(JSONError.path(path, device.hostName)).name"
            try requireInterfaceName(name, namePath)
            // The kernel counts the %d of a new name up, so two devices may have the same template.
            let isTemplate = name.hasSuffix("%d")
            try require(
                !name.utf8.dropLast(isTemplate ? 2 : 0).contains(UInt8(ascii: "%")), namePath,
                "'\(name)' must not contain '%' but in '%d' at its end")
            try require(
                isTemplate || !netDevices[..<index].contains { ($0.name ?? $0.hostName) == name }, namePath,
                "'\(name)' is the name of another device, too")
        }
    }

    private func validateCgroupsPath(at path: String) throws(JSONError) {
        guard let cgroupsPath else { return }
        try require(
            !cgroupsPath.split(separator: "/").contains(".."), "\(path).cgroupsPath",
            "'\(cgroupsPath)' must not contain '..'")
    }

    private func validatePaths(at path: String) throws(JSONError) {
        for (name, paths) in [("maskedPaths", maskedPaths), ("readonlyPaths", readonlyPaths)] {
            for (index, item) in paths.enumerated() {
                try requireAbsolute(item, "\(path).\(name)[\(index)]")
            }
        }
    }
}

/// Checks the name of a network interface as the kernel does: 1 to 15 bytes, no `/`, `:`, white space.
func requireInterfaceName(_ name: String, _ path: @autoclosure () -> String) throws(JSONError) {
    let isName =
        1...15 ~= name.utf8.count && name != "." && name != ".."
        && name.utf8.allSatisfy {
            $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":")
        }
    try require(
        isName, path(),
        "'\(name)' is no name of an interface (allowed: 1 to 15 bytes without '/', ':' and white space)")
}

extension Device {
    func validate(at path: String) throws(JSONError) {
        try requireAbsolute(self.path, "\(path).path")
        try require(major, in: 0...Int64(0xFFF), "\(path).major")
        try require(minor, in: 0...Int64(0xF_FFFF), "\(path).minor")
    }
}

extension MemoryPolicy {
    /// set_mempolicy(2): which modes take nodes, and which flags exclude each other.
    func validate(at path: String) throws(JSONError) {
        switch mode {
        case .default, .local:
            try require(nodes.isEmpty, "\(path).nodes", "must be empty for \(mode.rawValue)")
        case .preferred: break
        case .bind, .interleave, .preferredMany, .weightedInterleave:
            try require(!nodes.isEmpty, "\(path).nodes", "must name the nodes for \(mode.rawValue)")
        }
        try requireNodeList(nodes.isEmpty ? nil : nodes, "\(path).nodes")
        try require(
            !flags.contains(.staticNodes) || !flags.contains(.relativeNodes), "\(path).flags",
            "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other")
    }
}
