internal import Kernel

/// What a container may do when nothing else is asked for: Docker's list.
package let defaultCapabilities = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
    "CAP_AUDIT_WRITE",
]

/// The capabilities of a container: the default ones, without those dropped, with those added.
///
/// `ALL` among the added means everything in `available`, which is what the engine itself has; `ALL` among the dropped, the default ones.
/// - Throws: ``EngineError`` for a name which is no capability.
package func grantedCapabilities(
    added: [String], dropped: [String], isPrivileged: Bool, available: [String]
) throws(EngineError) -> [String] {
    if isPrivileged { return available }
    let added = try capabilityNames(added, option: "CapAdd")
    let dropped = try capabilityNames(dropped, option: "CapDrop")
    var granted = added.contains("ALL") ? available : defaultCapabilities
    if dropped.contains("ALL") {
        // Together they leave what is named: `--cap-drop ALL --cap-add ALL` has no other meaning than all.
        granted = added.contains("ALL") ? available : []
    }
    granted.removeAll { dropped.contains($0) }
    granted += added.filter { $0 != "ALL" && !granted.contains($0) }
    return granted
}

/// Names with `CAP_` in front, in capital letters.
private func capabilityNames(_ words: [String], option: String) throws(EngineError) -> [String] {
    var names: [String] = []
    for word in words {
        let upper = word.uppercased()
        let name = upper == "ALL" || upper.hasPrefix("CAP_") ? upper : "CAP_" + upper
        guard name == "ALL" || Kernel.capabilityNames.contains(name) else {
            throw EngineError("invalid \(option): unknown capability: \"\(name)\"", .invalid)
        }
        names.append(name)
    }
    return names
}

/// The names of the capabilities this process may use. capget(2).
package func ownCapabilities() throws(EngineError) -> [String] {
    let sets: UInt64
    do throws(SystemError) { sets = try currentCapabilities().permitted } catch {
        throw EngineError("cannot read the engine's own capabilities: \(error)")
    }
    return Kernel.capabilityNames.indices.filter { sets & (1 << UInt64($0)) != 0 }
        .map { Kernel.capabilityNames[$0] }
}
