public import JSON

extension Resources {
    /// Checks what the values mean. `path` is put before the path of a wrong value.
    ///
    /// - Throws: ``JSONError`` naming the first value that is not allowed.
    public func validate(at path: String = "") throws(JSONError) {
        for (index, rule) in devices.enumerated() {
            let isAccess = rule.access.utf8.allSatisfy {
                $0 == UInt8(ascii: "r") || $0 == UInt8(ascii: "w") || $0 == UInt8(ascii: "m")
            }
            try require(
                isAccess, "\(JSONError.path(path, "devices"))[\(index)].access",
                "'\(rule.access)' has other letters than r, w and m")
        }
        try memory?.validate(at: JSONError.path(path, "memory"))
        try cpu?.validate(at: JSONError.path(path, "cpu"))
        try blockIO?.validate(at: JSONError.path(path, "blockIO"))
        for (index, limit) in hugepageLimits.enumerated() {
            try require(
                limit.hasPageSize, "\(JSONError.path(path, "hugepageLimits"))[\(index)].pageSize",
                "'\(limit.pageSize)' is no size like 64KB, 2MB or 1GB")
        }
        for (index, priority) in (network?.priorities ?? []).enumerated() {
            try requireInterfaceName(
                priority.name,
                "\(JSONError.path(JSONError.path(path, "network"), "priorities"))[\(index)].name")
        }
        for limit in rdma { try limit.validate(at: JSONError.path(path, "rdma")) }
        for file in unified { try file.validate(at: JSONError.path(path, "unified")) }
    }
}

extension Resources.Memory {
    func validate(at path: String) throws(JSONError) {
        let limits = [
            ("limit", limit), ("reservation", reservation), ("swap", swap), ("kernel", kernel),
            ("kernelTCP", kernelTCP),
        ]
        for (name, value) in limits { try require(value, in: -1...Int64.max, "\(path).\(name)") }
        if let limit, let swap, swap > 0 {
            try require(
                swap >= limit, "\(path).swap",
                "\(swap) counts memory and swap together, so it cannot be less than the limit \(limit)")
        }
        try require(swappiness, in: 0...100, "\(path).swappiness")
    }
}

extension Resources.CPU {
    func validate(at path: String) throws(JSONError) {
        if let quota, quota > 0, let burst {
            try require(burst <= quota.magnitude, "\(path).burst", "\(burst) is more than the quota \(quota)")
        }
        try requireNodeList(cpus, "\(path).cpus")
        try requireNodeList(mems, "\(path).mems")
        try require(idle, in: 0...1, "\(path).idle")
    }
}

extension Resources.BlockIO {
    private static let weights: ClosedRange<UInt16> = 10...1000

    func validate(at path: String) throws(JSONError) {
        try require(weight, in: Self.weights, "\(path).weight")
        try require(leafWeight, in: Self.weights, "\(path).leafWeight")
        for (index, device) in weightDevice.enumerated() {
            let path = "\(path).weightDevice[\(index)]"
            try requireDevice(device.major, device.minor, path)
            try require(device.weight ?? device.leafWeight != nil, path, "needs weight or leafWeight")
            try require(device.weight, in: Self.weights, "\(path).weight")
            try require(device.leafWeight, in: Self.weights, "\(path).leafWeight")
        }
        let throttles = [
            ("throttleReadBpsDevice", throttleReadBpsDevice),
            ("throttleWriteBpsDevice", throttleWriteBpsDevice),
            ("throttleReadIOPSDevice", throttleReadIOPSDevice),
            ("throttleWriteIOPSDevice", throttleWriteIOPSDevice),
        ]
        for (name, devices) in throttles {
            for (index, device) in devices.enumerated() {
                try requireDevice(device.major, device.minor, "\(path).\(name)[\(index)]")
            }
        }
    }
}

/// Checks the numbers of a device against what the kernel's dev_t holds.
private func requireDevice(
    _ major: Int64, _ minor: Int64, _ path: @autoclosure () -> String
) throws(JSONError) {
    try require(major, in: 0...0xFFF, "\(path()).major")
    try require(minor, in: 0...0xF_FFFF, "\(path()).minor")
}

extension Resources.HugepageLimit {
    /// Digits, at most one letter for the power of 1024, `B`.
    var hasPageSize: Bool {
        var text = pageSize[...]
        guard text.popLast() == "B" else { return false }
        if let unit = text.last, "KMGTPE".contains(unit) { text.removeLast() }
        guard let first = text.utf8.first, first != UInt8(ascii: "0") else { return false }
        return text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}

extension Resources.RDMALimit {
    func validate(at path: String) throws(JSONError) {
        let isName = !device.isEmpty && device.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        try require(isName, JSONError.path(path, device), "is no name of a device")
        try require(
            hcaHandles ?? hcaObjects != nil, JSONError.path(path, device), "needs hcaHandles or hcaObjects")
    }
}

extension Resources.UnifiedFile {
    func validate(at path: String) throws(JSONError) {
        let isFileName =
            !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
        try require(isFileName, JSONError.path(path, name), "is no name of a file in a cgroup")
    }
}
