package import JSON
package import OCISpec

/// A profile of system calls before it is known which container it is for: rules may depend on capabilities and architecture.
///
/// The document is the one Docker and podman share: `archMap`, and `includes` and `excludes` beside a rule of the OCI runtime-spec.
package struct SeccompProfile: Hashable, Sendable {
    package var defaultAction = Seccomp.Action.errno
    package var defaultErrnoRet: UInt32?
    /// Architectures by the machine's own one.
    package var families: [[Seccomp.Architecture]] = []
    package var flags: [Seccomp.Flag]?
    package var rules: [Rule] = []

    package init() {}

    /// A rule, and when there is one.
    package struct Rule: Hashable, Sendable {
        package var rule: Seccomp.Rule
        package var includes = Condition()
        package var excludes = Condition()

        package init(_ rule: Seccomp.Rule) { self.rule = rule }
    }

    /// Machines, as Go names them, and capabilities; empty asks for nothing.
    package struct Condition: Hashable, Sendable {
        package var machines: [String] = []
        package var capabilities: [String] = []

        package init(machines: [String] = [], capabilities: [String] = []) {
            (self.machines, self.capabilities) = (machines, capabilities)
        }
    }

    /// The profile for a container with `capabilities` on `machine`, for example `amd64`.
    package func rendered(capabilities: [String], machine: String) -> Seccomp {
        var seccomp = Seccomp()
        seccomp.defaultAction = defaultAction
        seccomp.defaultErrnoRet = defaultErrnoRet
        seccomp.flags = flags
        let own = architecture(machine)
        seccomp.architectures = families.first { $0.first == own } ?? []
        for rule in rules where rule.applies(capabilities, machine) { seccomp.syscalls.append(rule.rule) }
        return seccomp
    }
}

extension SeccompProfile.Rule {
    fileprivate func applies(_ capabilities: [String], _ machine: String) -> Bool {
        if !includes.machines.isEmpty, !includes.machines.contains(machine) { return false }
        // All of those included have to be there; one of those excluded is enough.
        guard includes.capabilities.allSatisfy(capabilities.contains) else { return false }
        return !excludes.machines.contains(machine)
            && !excludes.capabilities.contains(where: capabilities.contains)
    }
}

/// libseccomp's name of a machine Go calls `machine`.
private func architecture(_ machine: String) -> Seccomp.Architecture? {
    switch machine {
    case "amd64": .x86_64
    case "386": .x86
    case "arm64": .aarch64
    case "arm": .arm
    case "ppc64le": .ppc64le
    case "s390x": .s390x
    case "riscv64": .riscv64
    default: nil
    }
}

extension SeccompProfile {
    /// Reads a profile as Docker and podman have it, or the `seccomp` object of the OCI runtime-spec.
    package init(_ reader: JSONReader) throws(JSONError) {
        defaultAction = try reader.required("defaultAction").choice(Seccomp.Action.self)
        defaultErrnoRet = try reader.optional("defaultErrnoRet")?.uint32()
        for family in try reader.optional("archMap")?.elements() ?? [] {
            let first = try family.required("architecture").choice(Seccomp.Architecture.self)
            families.append([first] + (try Self.architectures(family.optional("subArchitectures"))))
        }
        let named = try Self.architectures(reader.optional("architectures"))
        if !named.isEmpty { families = named.map { first in [first] + named.filter { $0 != first } } }
        if let list = try reader.optional("flags") {
            var flags: [Seccomp.Flag] = []
            for flag in try list.elements() { flags.append(try flag.choice(Seccomp.Flag.self)) }
            self.flags = flags
        }
        for rule in try reader.optional("syscalls")?.elements() ?? [] { rules.append(try Rule(rule)) }
    }

    private static func architectures(_ list: JSONReader?) throws(JSONError) -> [Seccomp.Architecture] {
        var found: [Seccomp.Architecture] = []
        for item in try list?.elements() ?? [] { found.append(try item.choice(Seccomp.Architecture.self)) }
        return found
    }
}

extension SeccompProfile.Rule {
    fileprivate init(_ reader: JSONReader) throws(JSONError) {
        rule = Seccomp.Rule()
        rule.names = try reader.optional("names")?.strings() ?? []
        if let name = try reader.optional("name") { rule.names.append(try name.string()) }
        rule.action = try reader.required("action").choice(Seccomp.Action.self)
        rule.errnoRet = try reader.optional("errnoRet")?.uint32()
        for item in try reader.optional("args")?.elements() ?? [] {
            var argument = Seccomp.Argument()
            argument.index = try item.required("index").uint32()
            argument.value = try item.required("value").unsigned()
            argument.valueTwo = try item.optional("valueTwo")?.unsigned() ?? 0
            argument.op = try item.required("op").choice(Seccomp.Operator.self)
            rule.args.append(argument)
        }
        includes = try SeccompProfile.Condition(reader.optional("includes"))
        excludes = try SeccompProfile.Condition(reader.optional("excludes"))
    }
}

extension SeccompProfile.Condition {
    fileprivate init(_ reader: JSONReader?) throws(JSONError) {
        machines = try reader?.optional("arches")?.strings() ?? []
        capabilities = try reader?.optional("caps")?.strings() ?? []
    }
}
