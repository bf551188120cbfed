internal import Kernel

extension MountPlan {
    /// Mounts the root file system on the directory `target`, or copies it there where overlayfs is refused.
    ///
    /// The copy needs `target` to be empty, and costs the image's size for each container.
    package func mount(on target: String) throws(ImageError) -> MountedRoot {
        do throws(SystemError) {
            try overlay(on: target)
            return .overlay
        } catch {
            // These are about the mount as such; a full disk or a missing directory would fail the copy, too.
            guard [.noDevice, .notPermitted, .invalidArgument, .notSupported].contains(error.errno) else {
                throw .system(step: "mount the layers on \(target)", reason: "\(error)")
            }
            for layer in lower.reversed() { try LayerCopy.run(from: layer, to: target) }
            return .copied(reason: "\(error)")
        }
    }

    /// Takes the mount at `target` away; that nothing is mounted there is no error.
    package static func unmount(_ target: String) throws(ImageError) {
        do throws(SystemError) { try detachMount(target) } catch {
            guard [.invalidArgument, .noEntity].contains(error.errno) else {
                throw .system(step: "unmount \(target)", reason: "\(error)")
            }
        }
    }

    private func overlay(on target: String) throws(SystemError) {
        do throws(SystemError) { try mountByParts(on: target) } catch {
            // Before Linux 6.5 all layers were one option, and fsconfig(2) takes 255 bytes at once: mount(2) takes a page.
            guard error.errno == .invalidArgument else { throw error }
            try mountAtOnce(on: target)
        }
    }

    private func mountByParts(on target: String) throws(SystemError) {
        let context = try FileSystemContext(type: "overlay")
        let names = try LowerNames(lower, longest: 255)
        for name in names.names { try context.set("lowerdir+", name) }
        try context.set("upperdir", upper)
        try context.set("workdir", work)
        for (key, value) in safety { try context.set(key, value) }
        if usesUserAttributes { try context.set("userxattr") }
        try context.mount().moveMount(to: target)
    }

    private func mountAtOnce(on target: String) throws(SystemError) {
        let names = try LowerNames(lower, longest: 0)
        var words = ["lowerdir=" + names.names.joined(separator: ":")]
        words += ["upperdir=\(escaped(upper))", "workdir=\(escaped(work))"]
        words += safety.map { "\($0.0)=\($0.1)" }
        if usesUserAttributes { words.append("userxattr") }
        try mountFileSystem("overlay", at: target, data: words.joined(separator: ","))
    }

    private func escaped(_ path: String) -> String {
        path.map { [",", ":", "\\"].contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }

    /// A layer could otherwise say where the content of a file or a directory is: layers come from anywhere.
    private var safety: [(String, String)] { [("metacopy", "off"), ("redirect_dir", "nofollow")] }
}

/// What overlayfs is told the layers are called: a name that is too long is replaced by one of an open descriptor.
private struct LowerNames: ~Copyable {
    let names: [String]
    private let open: [OpenDirectory]

    private final class OpenDirectory {
        let file: FileDescriptor
        init(_ path: String) throws(SystemError) {
            file = try FileDescriptor.open(path, [.directory, .reference])
        }
    }

    /// `longest`: bytes a name may have.
    init(_ paths: [String], longest: Int) throws(SystemError) {
        var (names, open): ([String], [OpenDirectory]) = ([], [])
        for path in paths {
            if path.utf8.count <= longest {
                names.append(path)
                continue
            }
            let directory = try OpenDirectory(path)
            open.append(directory)
            names.append("/proc/self/fd/\(directory.file.rawValue)")
        }
        (self.names, self.open) = (names, open)
    }
}
