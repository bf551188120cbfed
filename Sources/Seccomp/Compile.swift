package import Kernel
package import OCISpec

/// Turns a profile into a filter to load: from the cache where it is there, else with libseccomp.
///
/// Made outside of the container, before its first process: the container process then only loads it.
/// - Parameters:
///   - profile: `linux.seccomp` of the configuration.
///   - cacheDirectory: where compiled filters are kept; made when it is missing, not used when it is not the
///     caller's alone. `nil` compiles every time.
/// - Returns: the filter, for `loadSeccomp`.
/// - Throws: ``SeccompError`` which names the place in the configuration.
package func compileSeccomp(
    _ profile: OCISpec.Seccomp, cacheDirectory: String?
) throws(SeccompError) -> SeccompProgram {
    try validate(profile)
    let flags = try filterFlags(profile)
    let key = ProfileKey(profile)
    let cache = cacheDirectory.map(ProgramCache.init)
    if let instructions = cache?.read(key) {
        return SeccompProgram(instructions: instructions, flags: flags, notifies: profile.notifies)
    }
    let instructions = try instructions(of: profile)
    cache?.write(instructions, for: key)
    return SeccompProgram(instructions: instructions, flags: flags, notifies: profile.notifies)
}

/// The filter libseccomp makes, with the answer to new system calls in front.
func instructions(of profile: OCISpec.Seccomp) throws(SeccompError) -> [UInt8] {
    let stub = try unknownCallStub(profile)
    let filter = try libraryInstructions(of: profile)
    let all = stub + filter
    let kernelLimit = 4096
    guard all.count / Instruction.size <= kernelLimit else {
        throw SeccompError(
            "syscalls", "needs \(all.count / Instruction.size) instructions; the kernel takes \(kernelLimit)")
    }
    return all
}

/// What libseccomp makes of the profile, and nothing else.
func libraryInstructions(of profile: OCISpec.Seccomp) throws(SeccompError) -> [UInt8] {
    let filter = try Filter(defaultAction: profile.defaultAction.code(profile.defaultErrnoRet))
    for (index, architecture) in profile.architectures.enumerated() {
        try filter.add(architecture, path: "architectures[\(index)]")
    }
    // Below this number of calls a tree gains nothing, and libseccomp up to 2.5.4 fails to make one of no rules.
    let treeThreshold = 32
    if profile.syscalls.reduce(0, { $0 + $1.names.count }) > treeThreshold { filter.optimizeAsTree() }
    for (index, rule) in profile.syscalls.enumerated() {
        try add(rule, to: filter, path: "syscalls[\(index)]")
    }
    return try filter.export()
}

extension OCISpec.Seccomp {
    /// Whether some rule hands a call to a listener.
    var notifies: Bool { syscalls.contains { $0.action == .notify } }
}
