internal import Kernel
package import OCISpec

/// What can stand in a profile here, for `features`. features.md, "Seccomp".
package enum SeccompSupport {
    /// Whether the kernel can filter at all.
    package static var isEnabled: Bool { kernelKnowsSeccompAction(OCISpec.Seccomp.Action.allow.code(nil)) }

    /// Actions this runtime and this kernel know.
    package static func actions() -> [OCISpec.Seccomp.Action] {
        OCISpec.Seccomp.Action.allCases.filter { kernelKnowsSeccompAction($0.code(0)) }
    }

    /// Comparisons of an argument.
    package static func operators() -> [OCISpec.Seccomp.Operator] { OCISpec.Seccomp.Operator.allCases }

    /// Architectures the linked libseccomp knows.
    package static func architectures() -> [OCISpec.Seccomp.Architecture] {
        OCISpec.Seccomp.Architecture.allCases.filter { Library.token(of: $0) != nil }
    }

    /// Flags this runtime knows.
    package static func knownFlags() -> [OCISpec.Seccomp.Flag] { OCISpec.Seccomp.Flag.allCases }

    /// Flags of those which this kernel takes.
    package static func supportedFlags() -> [OCISpec.Seccomp.Flag] {
        knownFlags().filter { flag in flag.bit.map(kernelKnowsSeccompFlag) ?? true }
    }

    /// Version of the linked libseccomp, for example `2.5.4`.
    package static func libraryVersion() -> String {
        let version = Library.version
        return "\(version.0).\(version.1).\(version.2)"
    }
}
