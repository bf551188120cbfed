package import Suite

/// A sentence of the CNI specification, without its links and emphasis; "…" stands for what is left out, `anchor` is the heading.
func sentence(_ id: String, _ level: Clause.Level, _ text: String, _ anchor: String) -> Clause {
    Clause("cni.\(id)", level, text, "\(specification)#\(anchor)")
}

/// What the specification leaves open and libcni, which most hosts are made with, does.
func practice(_ id: String, _ text: String) -> Clause {
    Clause("cni.\(id)", .known, text, "https://github.com/containernetworking/cni/tree/main/libcni")
}

/// 1.1.0 as it is published, with the corrections made to it since its tag: `disableGC`, the folder of a network, and the name of
/// GC's list are among them.
private let specification = "https://www.cni.dev/docs/spec/"

/// The sections with cases for hosts, one file each.
package let hostSections: [Section<HostBench>] = [
    configurationSection, executionSection, lookingSection, parameterSection, cacheSection,
]

/// What these cases check of the CNI specification, and what they cannot.
package let hostCatalogue = Catalogue(
    "CNI 1.1.0 (hosts)", address: specification, sections: hostSections, untested: untested)

private let untested: [(clause: Clause, reason: String)] = [
    (
        sentence(
            "J11", .must,
            "The container runtime must not invoke parallel operations for the same container, but is allowed to invoke parallel operations for different containers. This includes across multiple attachments.",
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
            "H13", .must,
            "The runtime must exclusively execute either gc or add and delete. The runtime must ensure that no add or delete operations are in progress before executing gc, and must wait for gc to complete before issuing new add or delete commands.",
            "lifecycle--ordering"),
        "as J11"
    ),
    (
        sentence(
            "J2.unique", .should,
            "This should be unique across all network configurations on a host (or other administrative domain).",
            "configuration-format"), "it binds who writes configurations; J7 checks which of two counts"
    ),
    (
        sentence(
            "J3.merged", .must,
            "If this key is populated with inlined plugin objects, and `loadOnlyInlinedPlugins` is true, the final set of plugins for a network must consist of all the plugin objects in this list, merged with all the plugins loaded from the sibling folder with the same name as the network.",
            "configuration-format"),
        "contradicts J5, where the folder is ignored when `loadOnlyInlinedPlugins` is true; libcni keeps J5"
    ),
    (
        sentence(
            "J13", .must,
            "The CNI protocol follows Semantic Versioning principles, so the configuration format MUST remain backwards and forwards compatible within major versions.",
            "version-considerations"), "it binds who writes the specification"
    ),
    (
        sentence(
            "K19", .should,
            "A runtime should not call `ADD` twice (without an intervening DEL) for the same `(CNI_CONTAINERID, CNI_IFNAME)` tuple.",
            "add-add-container-to-network-or-apply-modifications"),
        "a command that is called twice has been told to twice"
    ),
    (
        sentence(
            "K20", .must,
            "The container runtime must ensure that add is eventually followed by a corresponding delete.",
            "lifecycle--ordering"), "a command does not learn when a container ends"
    ),
    (
        sentence(
            "K21", .should,
            "The network configuration should not change between add and delete. The network configuration should not change between attachments.",
            "lifecycle--ordering"), "it binds who writes configurations"
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
