import JSON
import Kernel
import Suite

extension Need<Runtime> {
    /// A part of the specification that came with `version`: whoever says he knows an older one need not have it.
    ///
    /// A runtime that does not say is taken at the newest.
    static func since(_ text: String) -> Need {
        Need("specification \(text)") { runtime in
            guard let wanted = Version(text), let known = runtime.version, known < wanted else { return nil }
            return "the runtime declares version \(known.text) of the specification; this is of \(text)"
        }
    }

    /// A name in a list of the features document, for example `poststop` in `hooks`.
    ///
    /// A list the document does not have says nothing. features.md: absent is not empty.
    static func feature(_ list: String, _ name: String) -> Need {
        Need("\(list): \(name)") { runtime in
            guard let declared = runtime.feature(list), !declared.strings.contains(name) else { return nil }
            return "the runtime does not declare \(name) in \(list) of its features"
        }
    }

    /// A feature that is on or off, for example `linux.seccomp.enabled`.
    static func enabled(_ path: String) -> Need {
        Need(path) { runtime in
            guard runtime.features != nil, runtime.feature(path) != .boolean(true) else { return nil }
            return "the runtime does not declare \(path) in its features"
        }
    }

    /// The command `features`.
    static var featuresDocument: Need {
        Need("features") { $0.features == nil ? "the runtime has no features document" : nil }
    }

    /// A kind of namespace the kernel knows; `name` is the kernel's.
    static func namespace(_ name: String) -> Need { .kernelFile("/proc/self/ns/\(name)") }

    /// A cgroup controller, in whichever hierarchy it is.
    static func controller(_ name: String) -> Need {
        Need("cgroup controller \(name)") { _ in
            Hierarchy.of(name) == nil ? "no cgroup hierarchy of this machine has the controller \(name)" : nil
        }
    }

    /// A file in every cgroup of the controller's hierarchy: the old version's name for it, and the new one's.
    static func cgroupFile(_ controller: String, v1: String, v2: String) -> Need {
        Need("\(controller): \(v1) or \(v2)") { _ in
            guard let hierarchy = Hierarchy.of(controller) else {
                return "no cgroup hierarchy of this machine has the controller \(controller)"
            }
            let name = hierarchy.isUnified ? v2 : v1
            if name.isEmpty { return "cgroup \(hierarchy.isUnified ? "v2" : "v1") has nothing of the kind" }
            return hierarchy.hasFile(name) ? nil : "cgroups of this machine have no \(name)"
        }
    }

    /// A capability of this process: a machine may keep some even from root.
    static func capability(_ name: String) -> Need {
        Need(name) { _ in
            guard let bit = capabilityNames.firstIndex(of: name) else { return "\(name) is unknown" }
            do throws(SystemError) {
                let mine = try currentCapabilities().effective
                return mine & (1 << UInt64(bit)) == 0 ? "this machine keeps \(name) even from root" : nil
            } catch { return "\(error)" }
        }
    }

    /// A security module that is active, by its name in /sys/kernel/security/lsm.
    static func securityModule(_ name: String) -> Need {
        Need(name) { _ in
            do throws(SystemError) {
                let active = try readText("/sys/kernel/security/lsm").split { $0 == "," || $0 == "\n" }
                return active.contains { $0 == name } ? nil : "\(name) is not active in this kernel"
            } catch { return "\(name) is not active in this kernel (\(error))" }
        }
    }

    /// A seccomp action or flag the kernel has.
    static func kernel(_ what: String, _ isThere: @escaping @Sendable () -> Bool) -> Need {
        Need(what) { _ in isThere() ? nil : "the kernel has no \(what)" }
    }
}

extension Need<Runtime> {
    /// A file system type the kernel has. /proc/filesystems
    static func fileSystem(_ type: String) -> Need {
        Need("file system \(type)") { _ in
            do throws(SystemError) {
                let known = try readText("/proc/filesystems").split { $0 == "\n" || $0 == "\t" }
                return known.contains { $0 == type } ? nil : "the kernel has no file system \(type)"
            } catch { return "\(error)" }
        }
    }
}
