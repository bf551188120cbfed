internal import Kernel

/// What a container's root file system is made of.
package struct MountPlan: Hashable, Sendable {
    /// Directories of the image's layers, the topmost first. Never written to.
    package let lower: [String]
    /// What the container changes; an empty directory at first.
    package let upper: String
    /// Of overlayfs itself; an empty directory on the file system of `upper`.
    package let work: String
    /// Whether overlayfs has to keep its notes in `user.` attributes, as in a user namespace.
    package let usesUserAttributes: Bool

    /// `lower`: the topmost first; at least one.
    package init(lower: [String], upper: String, work: String, usesUserAttributes: Bool) {
        (self.lower, self.upper, self.work) = (lower, upper, work)
        self.usesUserAttributes = usesUserAttributes
    }
}

/// How a root file system came to be.
package enum MountedRoot: Hashable, Sendable {
    /// overlayfs is mounted: what the container changes is in `upper`.
    case overlay
    /// overlayfs was refused, for the reason given; the layers were copied to the target, which is changed itself.
    case copied(reason: String)
}

extension ImageStore {
    /// What the root file system of a container of the image `text` is made of. Layers which have gone missing are unpacked again.
    ///
    /// The container is among the users given to ``remove(_:users:force:)`` and ``prune(all:users:)`` from before this call on.
    package func mountPlan(
        _ text: String, upper: String, work: String
    ) throws(ImageError) -> MountPlan {
        try adding { () throws(ImageError) in
            let image = try table().find(text)
            let configuration = try configuration(image.id)
            try unpack(try manifest(image.manifest), configuration, text)
            var lower = ContentDigest.chain(of: configuration.diffIDs).reversed().map { layers.path($0) }
            if lower.isEmpty { lower = [try emptyLayer()] }
            return MountPlan(
                lower: lower, upper: upper, work: work, usesUserAttributes: try usesUserAttributes())
        }
    }

    /// An image may have no layers, but overlayfs wants one.
    private func emptyLayer() throws(ImageError) -> String {
        let path = "\(root)/layers/empty"
        try step("make \(path)") { () throws(SystemError) in try makeDirectories(path, mode: 0o755) }
        return path
    }

    /// Asked of the kernel: without the right, `trusted.` attributes are hidden from reading and refused to writing.
    private func usesUserAttributes() throws(ImageError) -> Bool {
        try step("set an attribute of \(root)") { () throws(SystemError) in
            let directory = try FileDescriptor.open(root, .directory)
            do throws(SystemError) {
                try directory.setExtendedAttribute("trusted.overlay.probe", [1])
                try directory.removeAttribute("trusted.overlay.probe")
                return false
            } catch {
                guard [.notPermitted, .notSupported].contains(error.errno) else { throw error }
                return error.errno == .notPermitted
            }
        }
    }
}
