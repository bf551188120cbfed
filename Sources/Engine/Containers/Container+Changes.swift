internal import ImageStore
internal import Kernel

/// What a container has done to a file of its image.
package struct FileChange: Hashable, Sendable {
    /// What became of the path, by the letter `diff` shows.
    package enum Kind: String, Hashable, Sendable {
        case added = "A"
        case changed = "C"
        case deleted = "D"
    }

    package let kind: Kind
    /// Absolute path in the container; bytes that are no UTF-8 are replaced.
    package let path: String
}

extension Container {
    /// What it has changed in its image's files, by path: what overlayfs has kept of it, running or not. Volumes are not looked at.
    package func changes() throws(EngineError) -> [FileChange] {
        try locked { container throws(EngineError) in
            let store = try EngineError.images { () throws(ImageError) in
                try ImageStore(at: engine.paths.images)
            }
            let upper = container.folder + "/upper"
            guard fileExists(upper) else { return [] }
            let plan = try EngineError.images { () throws(ImageError) in
                try store.mountPlan(
                    container.record.imageID, upper: upper, work: container.folder + "/work")
            }
            return try EngineError.step("compare \(container.record.name) with its image") {
                () throws(SystemError) in
                try container.checkIsOverlay()
                var comparison = LayerComparison(plan)
                return try comparison.changes(in: upper)
            }
        }
    }

    /// Where overlayfs was refused the container changes a copy, of which nobody knows what was there before.
    private func checkIsOverlay() throws(SystemError) {
        guard let entries = try? listDirectory(root), !entries.isEmpty,
            try fileSystemType(root) != 0x794c_7630
        else { return }
        throw SystemError(
            call: "diff", subject: "a root file system which is no overlay", errno: .notSupported)
    }
}

/// Compares the topmost directory of an overlay with those below it.
private struct LayerComparison {
    private let lower: [String]
    private let opaque: String
    private var found: [FileChange] = []

    init(_ plan: MountPlan) {
        lower = plan.lower
        opaque = plan.usesUserAttributes ? "user.overlay.opaque" : "trusted.overlay.opaque"
    }

    mutating func changes(in upper: String) throws(SystemError) -> [FileChange] {
        _ = try visit(try FileDescriptor.open(upper, .directory), [])
        return found.sorted { $0.path < $1.path }
    }

    /// Answers whether anything below the directory counts as a change.
    private mutating func visit(
        _ directory: borrowing FileDescriptor, _ path: [EntryName]
    ) throws(SystemError) -> Bool {
        guard path.count <= mostDirectoryLevels else {
            throw SystemError(
                call: "diff", subject: "\(shortened(shown(path))): \(tooDeep)", errno: .nameTooLong)
        }
        var isChanged = false
        for name in try directory.entryNames() {
            let status = try directory.status(of: name)
            if try compare(name, status, directory, path + [name]) { isChanged = true }
        }
        guard !path.isEmpty, try directory.extendedAttribute(opaque) == Array("y".utf8) else {
            return isChanged
        }
        for name in try names(below: path) where !has(name, directory) {
            note(.deleted, path + [name])
            isChanged = true
        }
        return isChanged
    }

    private mutating func compare(
        _ name: EntryName, _ status: FileStatus, _ directory: borrowing FileDescriptor, _ path: [EntryName]
    ) throws(SystemError) -> Bool {
        let below = try lowerStatus(path)
        if status.kind == .characterDevice, status.deviceNumber == DeviceNumber(major: 0, minor: 0) {
            if below != nil { note(.deleted, path) }
            return below != nil
        }
        let place = found.count
        var isChanged = true
        if status.kind == .directory {
            isChanged = try visit(try directory.open(name, .directory), path)
            // Copied up for something in it which does not count.
            if let below, !isChanged, isSame(status, below) { return false }
        }
        // The engine's own files and places for mounts, which docker keeps in a layer of their own.
        if below == nil, isMadeByEngine(path), status.kind == .directory ? !isChanged : status.size == 0 {
            return false
        }
        found.insert(
            FileChange(kind: below == nil ? .added : .changed, path: shown(path)), at: place)
        return true
    }

    private func isSame(_ first: FileStatus, _ second: FileStatus) -> Bool {
        second.kind == .directory && first.permissions == second.permissions && first.uid == second.uid
            && first.gid == second.gid
    }

    private mutating func note(_ kind: FileChange.Kind, _ path: [EntryName]) {
        found.append(FileChange(kind: kind, path: shown(path)))
    }

    private func shown(_ path: [EntryName]) -> String { path.map { "/\($0)" }.joined() }

    private func has(_ name: EntryName, _ directory: borrowing FileDescriptor) -> Bool {
        (try? directory.status(of: name)) != nil
    }

    private func isMadeByEngine(_ path: [EntryName]) -> Bool {
        [
            "/dev", "/dev/console", "/dev/pts", "/dev/shm", "/etc", "/etc/hosts", "/etc/hostname",
            "/etc/resolv.conf", "/proc", "/sbin", "/sbin/docker-init", "/sys",
        ].contains(shown(path))
    }

    /// What the layers below have at `path`; `nil` for nothing, and for what one of them hides.
    private func lowerStatus(_ path: [EntryName]) throws(SystemError) -> FileStatus? {
        for layer in lower {
            var directory = try FileDescriptor.open(layer, .directory)
            var hidesBelow = false
            for (index, name) in path.enumerated() {
                guard let status = try? directory.status(of: name) else { break }
                if status.kind == .characterDevice,
                    status.deviceNumber == DeviceNumber(major: 0, minor: 0)
                {
                    return nil
                }
                if index == path.count - 1 { return status }
                guard status.kind == .directory else { return nil }
                directory = try directory.open(name, .directory)
                if try directory.extendedAttribute(opaque) == Array("y".utf8) { hidesBelow = true }
            }
            if hidesBelow { return nil }
        }
        return nil
    }

    /// What the layers below show in the directory `path`.
    private func names(below path: [EntryName]) throws(SystemError) -> Set<EntryName> {
        var all: Set<EntryName> = []
        for layer in lower {
            guard let directory = try? FileDescriptor.open(layer, .directory).open(path: path, .directory)
            else { continue }
            all.formUnion(try directory.entryNames())
        }
        var shown: Set<EntryName> = []
        for name in all where try lowerStatus(path + [name]) != nil { shown.insert(name) }
        return shown
    }
}
