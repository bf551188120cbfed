package import Suite

/// A sentence of the CNI specification; `anchor` is the heading it stands under.
func sentence(_ id: String, _ level: Clause.Level, _ text: String, _ anchor: String) -> Clause {
    Clause("cni.\(id)", level, text, "\(specification)#\(anchor)")
}

/// What the specification leaves open and libcni, which most hosts are made with, does.
func practice(_ id: String, _ text: String) -> Clause {
    Clause("cni.\(id)", .known, text, "https://github.com/containernetworking/cni/tree/main/libcni")
}

private let specification = "https://github.com/containernetworking/cni/blob/spec-v1.1.0/SPEC.md"

/// The sections with cases for hosts, one file each.
package let hostSections: [Section<HostBench>] = [
    configurationSection, executionSection, parameterSection, cacheSection,
]

/// What these cases check of the CNI specification, and what they cannot.
package let hostCatalogue = Catalogue(
    "CNI 1.1.0 (hosts)", address: specification, sections: hostSections, untested: untested)

private let untested: [(clause: Clause, reason: String)] = [
    (
        sentence(
            "J11", .must,
            "The container runtime must not invoke parallel operations for the same container, but is allowed to invoke parallel operations for different containers.",
            "lifecycle--ordering"),
        "a command that is called once does one thing at a time; whether two callers are kept apart is theirs to see to"
    ),
    (
        sentence(
            "H11", .must, "The runtime MUST NOT use GC as a substitute for DEL.",
            "gc-clean-up-any-stale-resources"),
        "what a host does when is not seen in one call"
    ),
    (
        sentence(
            "H13", .must, "The runtime must not have ADD or DEL in flight while GC runs.",
            "garbage-collecting-a-network"),
        "as J11"
    ),
    (practice("K13", "A plugin that is just being written is tried again."), "a matter of the moment"),
    (
        practice("K14", "A plugin that takes too long is killed."),
        "the limit is the host's own, and may be hours"
    ),
    (
        practice("L6", "What is remembered from before a restart of the machine is stale."),
        "the machine would have to restart"
    ),
]
