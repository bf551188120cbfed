// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: house)
}

/// A program. The release build is one static file without a loader; a debug build links the usual way.
func program(
    _ name: String, _ dependencies: [Target.Dependency], path: String? = nil, linking: [LinkerSetting] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: path, swiftSettings: house,
        linkerSettings: [
            .unsafeFlags(["-static-executable", "-Xlinker", "-s"], .when(configuration: .release))
        ] + linking)
}

/// A program which may use packages of others, and Foundation with them.
///
/// `isStatic`: whether the release build is one file without a loader; else Swift's own libraries are in the file, and those of the
/// system are not.
func client(_ name: String, _ dependencies: [Target.Dependency], isStatic: Bool) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: house,
        linkerSettings: [
            .unsafeFlags(
                [
                    isStatic ? "-static-executable" : "-static-stdlib", "-Xlinker", "-s",
                    // What FoundationEssentials needs and a static link does not find by itself.
                    "-l_FoundationCollections", "-l_FoundationCShims", "-lswiftSynchronization",
                ], .when(configuration: .release))
        ])
}

// Tests/Fuzz/run alone sets this: plugins are parts of one program then, which the fuzzer's own main begins.
let isFuzzed = Context.environment["APUS_FUZZ"] != nil

/// A plugin: a program in a folder of its own, beside the page that explains it.
func plugin(_ name: String, kind: String, _ dependencies: [Target.Dependency] = []) -> Target {
    plugin(name, path: "plugins/\(kind)/\(name)", dependencies, exclude: ["README.md"])
}

func plugin(
    _ name: String, path: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    let dependencies = ["CNIPlugin", "CNISpec", "JSON"] + dependencies
    if isFuzzed { return part(name, path: path, dependencies, exclude: exclude) }
    return .executableTarget(
        name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: house,
        linkerSettings: [
            .unsafeFlags(["-static-executable", "-Xlinker", "-s"], .when(configuration: .release))
        ])
}

/// A plugin as a part of the fuzzed program: each has its `@main`, under a name of its own.
func part(
    _ name: String, path: String, _ dependencies: [Target.Dependency], exclude: [String]
) -> Target {
    let entry = ["-Xfrontend", "-entry-point-function-name", "-Xfrontend", "\(name)_main"]
    return .target(
        name: name, dependencies: dependencies, path: path, exclude: exclude,
        swiftSettings: house + [.unsafeFlags(entry)])
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

let package = Package(
    name: "apus",
    products: [
        // What a plugin in a package of its own is made with.
        .library(
            name: "CNIPlugin", targets: ["CNIPlugin", "CNISpec", "Addressing", "JSON", "Kernel", "Netlink"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.90.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(name: "CKernel"),
        .target(name: "COwnBinary"),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(
            name: "CLibNL", pkgConfig: "libnl-3.0", providers: [.apt(["libnl-3-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        module("Kernel", ["CKernel"]),
        module("JSON"),
        module("Digest"),
        module("CommandWords", ["Kernel"]),
        module("Addressing"),
        module("AddressPool", ["Addressing", "Kernel"]),
        module("Netlink", ["CLibNL", "Kernel", "Addressing"]),
        module("NFTables", ["Netlink", "Kernel", "Addressing"]),
        module("Firewall", ["NFTables", "Netlink", "Kernel", "Addressing"]),
        module("Seccomp", ["CSeccomp", "Digest", "Kernel", "OCISpec"]),
        module("OCISpec", ["JSON"]),
        module("CNISpec", ["Addressing", "JSON"]),
        module("Cgroups", ["Kernel", "OCISpec", "JSON"]),
        module("Runtime", ["Cgroups", "Seccomp", "Netlink", "OCISpec", "JSON", "Kernel"]),
        module("CNIPlugin", ["CNISpec", "Firewall", "NFTables", "Addressing", "JSON", "Netlink", "Kernel"]),
        module("ImageStore", ["Digest", "JSON", "Kernel"]),
        module("CNIHost", ["CNISpec", "Addressing", "Digest", "JSON", "Kernel"]),
        plugin("container", kind: "main", ["Kernel"]),
        plugin("host", kind: "main", ["Kernel"]),
        plugin("loopback", kind: "main"),
        plugin("none", kind: "main", ["Netlink"]),
        plugin("ipam", kind: "ipam", ["AddressPool", "Addressing", "Netlink", "Kernel"]),
        module(
            "ContainerLink",
            ["CNIPlugin", "CNISpec", "Firewall", "Netlink", "Addressing", "JSON", "Kernel"]),
        plugin("bridge", kind: "main", ["ContainerLink", "Firewall", "Netlink", "Addressing", "Kernel"]),
        plugin(
            "overlay", kind: "main",
            ["ContainerLink", "OverlayControl", "NetdClient", "Firewall", "Netlink", "Addressing", "Kernel"]),
        plugin("label", path: "docs/examples/label", ["Netlink"]),
        plugin("firewall", kind: "meta", ["Firewall", "Netlink", "Addressing"]),
        plugin("portmap", kind: "meta", ["Firewall", "Netlink", "Addressing", "Kernel"]),
        plugin(
            "dns", kind: "meta",
            ["Resolver", "NetdClient", "NFTables", "Addressing", "Netlink", "Kernel"]),
        plugin("route", kind: "meta", ["Addressing", "Kernel", "Netlink"]),
        plugin("tuning", kind: "meta", ["Addressing", "Kernel", "Netlink"]),
        program(
            "apus-runtime",
            ["Runtime", "CommandWords", "Cgroups", "Seccomp", "OCISpec", "JSON", "Kernel", "COwnBinary"],
            linking: [
                .unsafeFlags(["-Xlinker", "--entry=own_binary_start"]),
                // What is called lies together, see Benchmarks/order.
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--no-warn-symbol-ordering", "-Xlinker",
                        "--symbol-ordering-file=\(Context.packageDirectory)/Sources/apus-runtime.order",
                    ], .when(configuration: .release)),
            ]),
        module("Suite", ["JSON", "Kernel"], path: "conformance/Suite"),
        module("CNICases", ["Suite", "JSON", "Kernel"], path: "conformance/Cases/CNI"),
        module("HostCases", ["Suite", "JSON", "Kernel"], path: "conformance/Cases/Host"),
        module("OCICases", ["Suite", "JSON", "Kernel"], path: "conformance/Cases/OCI"),
        // In a container of the suite there is nothing but this file: it has no loader in a debug build either.
        .executableTarget(
            name: "conformance-probe", dependencies: ["JSON", "Kernel"], path: "conformance/probe",
            swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "-s"])]),
        program(
            "apus-conformance",
            ["CNICases", "HostCases", "OCICases", "Suite", "CommandWords", "JSON", "Kernel"],
            path: "conformance/runner"),
        module(
            "Engine",
            [
                "CNIHost", "CNISpec", "ImageStore", "OCISpec", "NetdClient", "PortGuard", "AddressPool",
                "Addressing", "JSON", "Kernel",
            ]),
        client(
            "apus",
            [
                "Engine", "CommandWords", "JSON", "Kernel",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], isStatic: true),
        module("NetdClient", ["JSON", "Kernel"]),
        module("Resolver", ["Addressing", "JSON"]),
        module("PortGuard", ["Addressing", "JSON"]),
        module("OverlayControl", ["Netlink", "Addressing", "Digest", "JSON", "Kernel"]),
        module(
            "OverlayStore",
            [
                "OverlayControl", "JSON", "Kernel",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        client(
            "apus-netd",
            [
                "OverlayStore", "OverlayControl", "Resolver", "PortGuard", "NetdClient", "CommandWords",
                "Netlink",
                "Addressing", "JSON", "Kernel",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], isStatic: false),
        // In a container there is nothing but this file: it has no loader in a debug build either.
        .executableTarget(
            name: "apus-init", dependencies: ["Kernel"], swiftSettings: house,
            linkerSettings: [.unsafeFlags(["-static-executable", "-Xlinker", "-s"])]),
        program("manual", ["JSON", "Kernel"]),
        program("apus-cni", ["CNIHost", "CommandWords", "CNISpec", "JSON", "Kernel"]),
        program("cgroup-tool", ["Cgroups", "OCISpec", "JSON", "Kernel"], path: "Tests/Support/cgroup-tool"),
        program(
            "firewall-tool", ["Firewall", "NFTables", "Addressing"], path: "Tests/Support/firewall-tool"),
        program("netlink-tool", ["Netlink", "Addressing", "Kernel"], path: "Tests/Support/netlink-tool"),
        program(
            "rootfs-tool", ["Runtime", "Cgroups", "OCISpec", "JSON", "Kernel"],
            path: "Tests/Support/rootfs-tool"),
        program("image-tool", ["ImageStore", "JSON", "Kernel"], path: "Tests/Support/image-tool"),
        .executableTarget(
            name: "store-tool",
            dependencies: [
                "OverlayStore", "OverlayControl", "CommandWords", "Kernel",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], path: "Tests/Support/store-tool", swiftSettings: house),
        program("peer-tool", [], path: "Tests/Support/peer-tool"),
        module("NamespaceRun", path: "Tests/Support/NamespaceRun"),
        tests("HouseRules"),
        tests("KernelTests", ["Kernel"]),
        tests("AddressingTests", ["Addressing"]),
        tests("DigestTests", ["Digest"]),
        tests("AddressPoolTests", ["AddressPool", "Addressing", "Kernel"]),
        module("JanssonOracle", ["JSON", "CJansson"], path: "Tests/Support/JanssonOracle"),
        tests("JSONTests", ["JSON", "JanssonOracle"]),
        tests("BridgeTests", ["bridge", "CNISpec", "Addressing", "JSON", "Netlink"]),
        tests("ContainerLinkTests", ["ContainerLink", "CNISpec"]),
        tests("CNISpecTests", ["CNISpec", "Addressing", "JSON"]),
        tests("PortmapTests", ["portmap", "Firewall", "CNISpec", "Addressing", "JSON"]),
        tests("NFTablesTests", ["NFTables", "Netlink", "Addressing"]),
        tests(
            "FirewallTests",
            ["Firewall", "NFTables", "Addressing", "NamespaceRun", "firewall-tool", "peer-tool"]),
        tests("NetlinkTests", ["Netlink", "Kernel", "NamespaceRun", "netlink-tool", "peer-tool"]),
        tests("CNIPluginTests", ["CNIPlugin", "CNISpec", "Addressing", "JSON", "Kernel"]),
        tests("CNIHostTests", ["CNIHost", "CNISpec", "JSON"]),
        tests("OCISpecTests", ["OCISpec", "JSON"], exclude: ["Documents"]),
        tests("SuiteTests", ["Suite", "JSON", "Kernel"]),
        tests("SeccompTests", ["Seccomp", "OCISpec", "Kernel"]),
        tests("ImageStoreTests", ["ImageStore", "JSON", "Kernel"]),
        tests("CgroupsTests", ["Cgroups", "OCISpec", "Kernel"]),
        tests("RootfsTests", ["Runtime", "OCISpec", "Kernel", "CKernel", "rootfs-tool"]),
        tests("RuntimeTests", ["Runtime", "OCISpec", "JSON", "Kernel"]),
        tests(
            "EngineTests",
            ["Engine", "ImageStore", "OCISpec", "CNISpec", "Addressing", "JSON", "Kernel"]),
        tests("ResolverTests", ["Resolver", "Addressing", "JSON"]),
        tests("PortGuardTests", ["PortGuard", "Addressing", "JSON"]),
        program("overlay-tool", ["OverlayControl", "Addressing"], path: "Tests/Support/overlay-tool"),
        tests(
            "OverlayControlTests", ["OverlayControl", "Addressing", "JSON", "NamespaceRun", "overlay-tool"]),
        tests("NetdClientTests", ["NetdClient", "JSON"]),
        tests("RuntimeCLITests", ["apus-runtime", "CommandWords", "OCISpec", "JSON", "Kernel"]),
    ]
)

if isFuzzed {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "JanssonOracle", "OCISpec", "CNISpec", "CNIPlugin", "ContainerLink", "AddressPool",
                "Addressing",
                "NFTables", "Netlink", "OverlayControl", "Resolver", "JSON", "Kernel", "bridge", "container",
                "firewall", "ipam", "portmap",
                "tuning",
            ],
            path: "Tests/Fuzz", exclude: ["run", "Documents"], swiftSettings: house,
            // The usual linker drops the counters libFuzzer sees by together with what it takes for dead code.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]))
}
