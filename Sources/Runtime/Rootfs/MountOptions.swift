internal import JSON
package import Kernel
package import OCISpec

/// The options of one mount, sorted by who acts on them. config.md "Mounts", `options`; mount(8).
///
/// Later words win over earlier ones. A word nobody here knows belongs to the file system, as in runc.
package struct MountOptions: Hashable, Sendable {
    /// Flags for a new file system. mount(2).
    package var flags: MountFlags = []
    /// Attributes for the mount alone; what a bind mount gets. mount_setattr(2).
    package var attributes = AttributeChange()
    /// Attributes for the mount and all below it: `rro`, `rnosuid` and so on.
    package var recursiveAttributes = AttributeChange()
    /// Kinds of propagation in the order given, each perhaps with ``MountFlags/recursive``.
    package var propagation: [MountFlags] = []
    /// What the file system itself reads, for example `size=64m`.
    package var data: [String] = []
    /// A tmpfs starts with what its target holds. runc, crun: `tmpcopyup`.
    package var copiesUp = false
    /// A source that is a symbolic link is made again in the container. crun: `copy-symlink`.
    package var copiesLink = false
    /// A symbolic link at the end of the source is not followed. crun: `src-nofollow`.
    package var keepsSourceLink = false
    /// A symbolic link at the end of the destination is not followed. crun: `dest-nofollow`.
    package var keepsTargetLink = false
    /// Owners of files are mapped; `nil` leaves them.
    package var idMap: IDMap?

    /// Bits of a mount to set and to clear.
    package struct AttributeChange: Hashable, Sendable {
        package var set: MountAttributes = []
        package var clear: MountAttributes = []
        /// Nothing to do.
        package var isEmpty: Bool { self.set.isEmpty && clear.isEmpty }

        mutating func turnOn(_ bits: MountAttributes) {
            prepare(bits)
            set.formUnion(bits)
            if bits.isDisjoint(with: .accessTime) { clear.subtract(bits) }
        }

        mutating func turnOff(_ bits: MountAttributes) {
            prepare(bits)
            set.subtract(bits)
            clear.formUnion(bits.isDisjoint(with: .accessTime) ? bits : .accessTime)
        }

        // The access time setting is one value of several bits: the kernel wants all of them cleared.
        mutating func prepare(_ bits: MountAttributes) {
            guard !bits.isDisjoint(with: .accessTime) else { return }
            set.subtract(.accessTime)
            clear.formUnion(.accessTime)
        }
    }

    /// Which mapping an id-mapped mount uses.
    package struct IDMap: Hashable, Sendable {
        /// Maps of its own; empty for the container's user namespace.
        package var uids: [IDMapping] = []
        package var gids: [IDMapping] = []
        /// The mounts below are mapped, too.
        package var isRecursive = false
    }

    package init() {}
}

extension MountOptions {
    /// Reads `words`; `path` is where the mount stands in the document.
    ///
    /// `container` holds the container's own maps, which `idmap=uids=@...` counts from.
    package init(
        _ words: [String], path: String, container: (uids: [IDMapping], gids: [IDMapping]) = ([], [])
    ) throws(RuntimeError) {
        for (index, word) in words.enumerated() {
            if let effect = Effect(word: word) {
                apply(effect)
            } else if word.hasPrefix("idmap=") || word.hasPrefix("ridmap=") {
                guard let map = IDMap(option: word, container: container) else {
                    let place = "\(path).options[\(index)]"
                    throw .configuration(
                        JSONError(
                            path: place,
                            problem: .notAllowed(
                                "'\(word)' is not of the form idmap=uids=0-1000-10;gids=0-1000-10")))
                }
                idMap = map
            } else {
                data.append(word)
            }
        }
    }

    private mutating func apply(_ effect: Effect) {
        switch effect {
        case .nothing: break
        case .set(let flag, let bits):
            flags.formUnion(flag)
            attributes.turnOn(bits)
        case .clear(let flag, let bits):
            flags.subtract(flag)
            attributes.turnOff(bits)
        case .setTime(let flag, let bits):
            flags.subtract([.noAccessTime, .relativeAccessTime, .strictAccessTime])
            flags.formUnion(flag)
            attributes.prepare(.accessTime)
            attributes.set.formUnion(bits)
        case .setBelow(let bits): recursiveAttributes.turnOn(bits)
        case .clearBelow(let bits): recursiveAttributes.turnOff(bits)
        case .setTimeBelow(let bits):
            recursiveAttributes.prepare(.accessTime)
            recursiveAttributes.set.formUnion(bits)
        case .propagate(let kind): propagation.append(kind)
        case .copyUp: copiesUp = true
        case .copyLink: copiesLink = true
        case .keepSourceLink: keepsSourceLink = true
        case .keepTargetLink: keepsTargetLink = true
        case .mapIDs(let isRecursive): idMap = IDMap(isRecursive: isRecursive)
        }
    }
}
