internal import OCISpec

extension Limit {
    /// What `resources` means for a cgroup v2 directory, devices left out. config-linux.md, "Control groups".
    /// `isNew` says that nothing has been written to the cgroup. What only v1 could do is an error, too.
    static func unified(_ resources: Resources, isNew: Bool) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        if let cpu = resources.cpu { limits += try unifiedCPU(cpu, isNew: isNew) + cpuset(cpu) }
        if let memory = resources.memory { limits += try unifiedMemory(memory) }
        limits += pids(resources)
        if let io = resources.blockIO { limits += try unifiedIO(io) }
        limits += try hugepages(resources, "max")
        if let network = resources.network, given(network.classID) != nil || !network.priorities.isEmpty {
            throw .invalid("network", "classID, priorities", onlyLegacy)
        }
        return limits + rdma(resources) + (try files(resources.unified))
    }

    private static let onlyLegacy = "only cgroup v1 can do that, and this machine has cgroup v2"

    private static func unifiedCPU(_ cpu: Resources.CPU, isNew: Bool) throws(CgroupError) -> [Limit] {
        if let runtime = given(cpu.realtimeRuntime) {
            throw .invalid("cpu.realtimeRuntime", runtime, onlyLegacy)
        }
        var limits: [Limit] = []
        if let idle = cpu.idle { limits.append(Limit("cpu", "cpu.idle", "\(idle)", "cpu.idle")) }
        // An idle cgroup has no weight; the kernel refuses to set one.
        if let shares = given(cpu.shares), cpu.idle != 1 {
            limits.append(Limit("cpu", "cpu.weight", "\(CPUWeight.weight(ofShares: shares))", "cpu.shares"))
        }
        if let burst = cpu.burst {
            limits.append(Limit("cpu", "cpu.max.burst", "\(burst)", "cpu.burst", mayHaveToWait: true))
        }
        let quota = given(cpu.quota).map { $0 < 0 ? "max" : "\($0)" }
        let path = quota == nil ? "cpu.period" : "cpu.quota"
        switch (quota, given(cpu.period)) {
        case (nil, nil): break
        case (let quota?, let period?): limits.append(Limit("cpu", "cpu.max", "\(quota) \(period)", path))
        // The period alone stays what it was.
        case (let quota?, nil): limits.append(Limit("cpu", "cpu.max", quota, path))
        case (nil, let period?):
            limits.append(Limit("cpu", "cpu.max", "\(isNew ? "max" : keptQuota) \(period)", path))
        }
        return limits
    }

    /// Stands in a value for the quota `cpu.max` has already, which the kernel wants repeated.
    static let keptQuota = "{quota}"

    private static func unifiedMemory(_ memory: Resources.Memory) throws(CgroupError) -> [Limit] {
        if memory.disableOOMKiller == true { throw .invalid("memory.disableOOMKiller", true, onlyLegacy) }
        if let bytes = given(memory.kernelTCP), bytes > 0 {
            throw .invalid("memory.kernelTCP", bytes, onlyLegacy)
        }
        var limits: [Limit] = []
        // Swap first: a lower memory limit then pushes out no more than it may.
        if let swap = try swap(memory) {
            limits.append(
                Limit(
                    "memory", "memory.swap.max", swap, "memory.swap",
                    mayBeMissing: swap == "max" || swap == "0"))
        }
        if let limit = given(memory.limit) {
            limits.append(Limit("memory", "memory.max", limit < 0 ? "max" : "\(limit)", "memory.limit"))
        }
        if let reservation = given(memory.reservation) {
            let value = reservation < 0 ? "max" : "\(reservation)"
            limits.append(Limit("memory", "memory.low", value, "memory.reservation"))
        }
        return limits
    }

    /// config.json counts memory and swap together, cgroup v2 swap alone.
    private static func swap(_ memory: Resources.Memory) throws(CgroupError) -> String? {
        let limit = given(memory.limit)
        guard let swap = given(memory.swap) else { return limit == -1 ? "max" : nil }
        if swap < 0 { return "max" }
        guard let limit else {
            throw .invalid("memory.swap", swap, "needs memory.limit, because swap is what goes beyond it")
        }
        if limit < 0 { return "\(swap)" }
        guard swap >= limit else {
            throw .invalid(
                "memory.swap", swap, "is memory and swap together, so at least memory.limit \(limit)")
        }
        return "\(swap - limit)"
    }

    private static func unifiedIO(_ io: Resources.BlockIO) throws(CgroupError) -> [Limit] {
        if let weight = given(io.leafWeight) { throw .invalid("blockIO.leafWeight", weight, onlyLegacy) }
        var limits: [Limit] = []
        if let weight = given(io.weight) {
            limits.append(Limit("io", try weightFiles(weight, device: nil), "blockIO.weight"))
        }
        for device in io.weightDevice {
            guard let weight = given(device.weight) else { continue }
            let files = try weightFiles(weight, device: "\(device.major):\(device.minor)")
            limits.append(Limit("io", files, "blockIO.weightDevice"))
        }
        return limits + throttles(io)
    }

    /// The BFQ scheduler counts as v1 did, from 1 to 1000; `io.weight` from 1 to 10000.
    private static func weightFiles(_ weight: UInt16, device: String?) throws(CgroupError) -> [File] {
        let prefix = device.map { "\($0) " } ?? ""
        let wide = 1 + (UInt32(try checked(weight)) - 10) * 9999 / 990
        return [
            File(name: "io.bfq.weight", value: "\(prefix)\(weight)"),
            File(name: "io.weight", value: "\(prefix)\(wide)"),
        ]
    }

    /// One write for each device, whatever is limited on it.
    private static func throttles(_ io: Resources.BlockIO) -> [Limit] {
        let kinds = [
            (io.throttleReadBpsDevice, "rbps"), (io.throttleWriteBpsDevice, "wbps"),
            (io.throttleReadIOPSDevice, "riops"), (io.throttleWriteIOPSDevice, "wiops"),
        ]
        var lines: [(device: String, words: String)] = []
        for (devices, key) in kinds {
            for throttle in devices {
                let device = "\(throttle.major):\(throttle.minor)"
                // In v1, where the form comes from, a rate of 0 takes a limit away.
                let word = " \(key)=" + (throttle.rate == 0 ? "max" : "\(throttle.rate)")
                if let index = lines.firstIndex(where: { $0.device == device }) {
                    lines[index].words += word
                } else {
                    lines.append((device, word))
                }
            }
        }
        return lines.map { Limit("io", "io.max", $0.device + $0.words, "blockIO.throttle*Device") }
    }

    /// The `unified` object: file names and values, as they are. A value of several lines is several writes.
    private static func files(_ unified: [Resources.UnifiedFile]) throws(CgroupError) -> [Limit] {
        var limits: [Limit] = []
        for file in unified {
            guard !file.name.contains("/"), let dot = file.name.firstIndex(of: "."),
                dot != file.name.startIndex
            else {
                throw .invalid("unified", file.name, "must be a file name in the form controller.parameter")
            }
            let lines = file.value.isEmpty ? [""] : file.value.split(separator: "\n").map(String.init)
            limits += lines.map {
                Limit(String(file.name[..<dot]), file.name, $0, "unified.\(file.name)")
            }
        }
        return limits
    }
}

/// The weight of cgroup v2 for the shares of v1.
enum CPUWeight {
    /// From 2...262144 to 1...10000, so that the defaults, 1024 and 100, meet: a quadratic curve through the three
    /// points in logarithms, as runc 1.3 and crun 1.21 have it: 10 ^ ((l * l + 125 * l) / 612 - 7 / 34), l = log2.
    static func weight(ofShares shares: UInt64) -> UInt64 {
        if shares <= 2 { return 1 }
        if shares >= 262_144 { return 10_000 }
        let l = logarithm(Double(shares))
        let exponent = (l * l + 125 * l) / 612 - 7.0 / 34.0
        // 10 ^ x = 2 ^ (x * log2 10). What is a whole number in theory must not be rounded up for its last bit.
        return UInt64((power(exponent * 3.321_928_094_887_362) - 1e-9).rounded(.up))
    }

    /// Base 2, of a number from 1 up: the exponent, then one binary digit at a time.
    private static func logarithm(_ value: Double) -> Double {
        var result = Double(value.exponent)
        var rest = value.significand
        var digit = 0.5
        for _ in 0..<52 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += digit
            }
            digit /= 2
        }
        return result
    }

    /// Two to the power of `exponent`: the whole part by the exponent bits, the rest by the series of e.
    private static func power(_ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        let x = (exponent - whole) * 0.693_147_180_559_945_3
        var term = 1.0
        var sum = 1.0
        for n in 1...20 {
            term *= x / Double(n)
            sum += term
        }
        return Double(sign: .plus, exponent: Int(whole), significand: sum)
    }
}
