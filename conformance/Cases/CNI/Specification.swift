package import Suite

/// A sentence of the CNI specification, without its links and emphasis; "…" stands for what is left out, `anchor` is the heading.
func sentence(_ id: String, _ level: Clause.Level, _ text: String, _ anchor: String) -> Clause {
    Clause("cni.\(id)", level, text, "\(specification)#\(anchor)")
}

/// What the specification leaves open and plugins and hosts do all the same; `source` says where others learned it.
func practice(_ id: String, _ text: String, _ source: String = skeleton) -> Clause {
    Clause("cni.\(id)", .known, text, source)
}

/// 1.1.0 as it is published, with the corrections made to it since its tag: `disableGC`, the folder of a network, and the name of
/// GC's list are among them.
private let specification = "https://www.cni.dev/docs/spec/"
/// The skeleton most plugins are made with.
private let skeleton = "https://github.com/containernetworking/cni/tree/main/pkg/skel"
/// The conventions beside the specification.
let conventions = "https://github.com/containernetworking/cni/blob/main/CONVENTIONS.md"

extension Clause {
    static let executesDelegates = sentence(
        "F7", .must,
        "If a plugin is executed with `CNI_COMMAND=CHECK`, `DEL`, or `GC`, it must also execute any delegated plugins.",
        "delegated-plugin-execution-procedure")
}

/// The sections with cases for plugins, one file each.
package let pluginSections: [Section<PluginBench>] = [
    environmentSection, inputSection, outputSection, versionSection, addSection, deleteSection, checkSection,
    statusSection, garbageSection, resultSection, conventionSection, delegationSection, robustnessSection,
]

/// What these cases check of the CNI specification, and what they cannot.
package let pluginCatalogue = Catalogue(
    "CNI 1.1.0 (plugins)", address: specification, sections: pluginSections, untested: untested)

private let untested: [(clause: Clause, reason: String)] = [
    (
        sentence(
            "C4", .may, "In addition, stderr can be used for unstructured output such as logs.", "error"),
        "whatever a plugin writes there is right"
    ),
    (
        sentence(
            "G3.unreachable", .should,
            "The plugin should return an error if it is aware of a condition where the container is generally unreachable.",
            "check-check-containers-networking-is-as-expected"),
        "what a plugin is aware of cannot be seen from outside"
    ),
    (
        sentence(
            "H3.daemon", .should,
            "For example, if a plugin relies on an external service or daemon, it should return an error to `STATUS` if that service is unavailable.",
            "status-check-plugin-status"),
        "no case yet: how such a service is stopped differs from one plugin to the next"
    ),
    (
        sentence(
            "H11", .must, "The runtime MUST NOT use GC as a substitute for DEL.",
            "gc-clean-up-any-stale-resources"), "binds the host: see apus-conformance host"
    ),
    (
        Clause("cni.M4", .known, "`dns` of runtimeConfig: servers, searches, options.", conventions),
        "its consumers run on Windows only"
    ),
    (
        Clause("cni.M7", .known, "`infinibandGUID` of runtimeConfig.", conventions),
        "needs an InfiniBand adapter"
    ),
    (
        Clause("cni.M8", .known, "`deviceID` of runtimeConfig.", conventions),
        "needs a network card on a PCI bus that the case may move"
    ),
    (
        Clause("cni.M10", .known, "`cgroupPath` of runtimeConfig.", conventions),
        "no plugin is known that takes it"
    ),
    (
        Clause(
            "cni.N6", .known, "A plugin may delegate to another one by writing its whole configuration.",
            conventions),
        "what such a plugin hands on is its own affair; N1 to N8 check delegation to an address manager"
    ),
]

extension Need<Plugin> {
    /// The plugin says that it supports `version`.
    static func version(_ version: String) -> Need {
        Need("version \(version)") { plugin in
            plugin.supports(version)
                ? nil : "VERSION lists \(plugin.versions.joined(separator: ", ")), not \(version)"
        }
    }

    /// The configuration of the plugin names an address manager.
    static var addressManager: Need {
        Need("an address manager") { plugin in
            plugin.addressManager == nil ? "the configuration of \(plugin.type) has no ipam" : nil
        }
    }

    /// The plugin takes values of the capability `name`.
    static func capability(_ name: String) -> Need {
        Need("capability \(name)") { plugin in
            plugin.capabilities.contains(name)
                ? nil : "\(plugin.type) is not known to take \(name); declare it in --config"
        }
    }
}

/// Whether the plugin makes interfaces.
let makesInterfaces: @Sendable (Plugin) -> Bool = { $0.kind == .interface }
/// Whether what the plugin makes or gives is one container's alone.
let makesOrGives: @Sendable (Plugin) -> Bool = { $0.kind == .interface || $0.kind == .ipam }
/// Whether the plugin manages addresses.
let managesAddresses: @Sendable (Plugin) -> Bool = { $0.kind == .ipam }
/// Whether the plugin works on what another made.
let isChained: @Sendable (Plugin) -> Bool = { $0.kind == .chained }
/// Whether the plugin makes interfaces and has others give them addresses.
let delegates: @Sendable (Plugin) -> Bool = { $0.kind == .interface && $0.addressManager != nil }
