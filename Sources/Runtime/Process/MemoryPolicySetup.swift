internal import Kernel
internal import OCISpec

/// Mode with flags, and nodes, of `linux.memoryPolicy` as set_mempolicy(2) wants them.
///
/// - Throws: ``RuntimeError/unsupported(path:reason:)`` for nodes which cannot be read, or which the mode forbids
///   or demands.
func memoryPolicyNumbers(_ policy: MemoryPolicy) throws(RuntimeError) -> (mode: Int32, nodes: [UInt64]) {
    let mode = number(of: policy.mode) | policy.flags.reduce(0) { $0 | bit(of: $1) }
    let path = "linux.memoryPolicy.nodes"
    if policy.nodes.isEmpty {
        switch policy.mode {
        case .default, .local, .preferred: return (mode, [])
        default: throw .unsupported(path: path, reason: "\(policy.mode.rawValue) needs nodes")
        }
    }
    if policy.mode == .default || policy.mode == .local {
        throw .unsupported(path: path, reason: "\(policy.mode.rawValue) takes no nodes")
    }
    guard let nodes = NumberList(policy.nodes) else {
        throw .unsupported(path: path, reason: "'\(policy.nodes)' is not a list of nodes like 0-3,7")
    }
    return (mode, nodes.words)
}

private func number(of mode: MemoryPolicy.Mode) -> Int32 {
    switch mode {
    case .default: 0
    case .preferred: 1
    case .bind: 2
    case .interleave: 3
    case .local: 4
    case .preferredMany: 5
    case .weightedInterleave: 6
    }
}

private func bit(of flag: MemoryPolicy.Flag) -> Int32 {
    switch flag {
    case .numaBalancing: 1 << 13
    case .relativeNodes: 1 << 14
    case .staticNodes: 1 << 15
    }
}

/// Sets `linux.memoryPolicy` on this process. set_mempolicy(2).
func apply(_ policy: MemoryPolicy) throws(RuntimeError) {
    let (mode, nodes) = try memoryPolicyNumbers(policy)
    do throws(SystemError) {
        try setMemoryPolicy(mode: mode, nodes: nodes)
    } catch {
        if error.errno == .noSuchCall {
            throw .unsupported(path: "linux.memoryPolicy", reason: "this kernel was built without NUMA")
        }
        throw .system(step: "set \(policy.mode.rawValue) (linux.memoryPolicy)", reason: "\(error)")
    }
}

/// Sets `linux.personality` on this process. personality(2).
func apply(_ personality: Personality) throws(RuntimeError) {
    let domain: UInt =
        switch personality.domain {
        case .linux: 0
        case .linux32: 8
        }
    try RuntimeError.step("set \(personality.domain.rawValue) (linux.personality)") {
        () throws(SystemError) in
        try setPersonality(domain)
    }
}
