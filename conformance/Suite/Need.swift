internal import Kernel

/// Something a case cannot do without: of the machine, or of the program under test.
package struct Need<Subject>: Sendable {
    /// What it is called in lists, for example `strace`.
    package let name: String
    /// Why it is missing, in a sentence for a person; `nil` when it is there.
    package let missing: @Sendable (Subject) -> String?

    package init(_ name: String, missing: @escaping @Sendable (Subject) -> String?) {
        self.name = name
        self.missing = missing
    }
}

extension Need {
    /// The user id 0, with which namespaces of the case's own come.
    package static var root: Need {
        Need("root") { _ in effectiveUserID() == 0 ? nil : "the user id is \(effectiveUserID()), not 0" }
    }

    /// A program in `PATH`.
    package static func program(_ name: String) -> Need {
        Need(name) { _ in findProgram(name) == nil ? "\(name) is not in PATH" : nil }
    }

    /// A file of the kernel, for example `/proc/net/ip_tables_names`.
    package static func kernelFile(_ path: String) -> Need {
        Need(path) { _ in fileExists(path) ? nil : "the kernel has no \(path)" }
    }
}

/// The program called `name` in the directories of `PATH`, and in those where root's programs are.
package func findProgram(_ name: String) -> String? {
    let path = environmentVariable("PATH") ?? ""
    return findFile(name, in: (path + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin").split(separator: ":"))
}
