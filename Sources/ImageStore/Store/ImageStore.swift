package import Kernel

/// Images on this machine: their blobs, their unpacked layers and their names, in one directory.
///
///     blobs/sha256/HEX     manifests, configurations, archives of layers
///     layers/HEX/diff      a layer unpacked, by chain ID; layer.json beside it
///     names.json           names and images
///     incoming, *.tmp      what is being written, or was when its writer was killed
///     lock, names.lock     shared while somebody adds, alone while somebody removes; alone while names change, shared while somebody
///                          becomes a user
///
/// Any number of processes may work with one directory at the same time.
package struct ImageStore: Sendable {
    /// Absolute path of the directory.
    package let root: String
    /// What a layer may at most unpack to.
    package var limits = UnpackLimits()
    let blobs: BlobStore

    /// Opens the store at `root`, an absolute path, or makes it; removes what killed writers left, if nobody is at work.
    package init(at root: String) throws(ImageError) {
        (self.root, blobs) = (root, BlobStore(root: root))
        for folder in ["blobs/sha256", "layers", "incoming"] {
            // Layers hold files of root's own, set-user-ID programs among them: nobody else gets in.
            try step("make \(root)/\(folder)") { () throws(SystemError) in
                try makeDirectories("\(root)/\(folder)", mode: 0o700)
            }
        }
        if let lock = try lock("lock", shared: false, wait: false) {
            try removeLeftovers()
            keep(lock)
        }
    }

    var layers: LayerStore { LayerStore(root: root) }

    /// Removes what is half written. The caller has the store to himself.
    func removeLeftovers() throws(ImageError) {
        try blobs.removeDrafts()
        try layers.removeHalfMade()
    }

    /// Runs `body` while nobody removes what it adds.
    func adding<Value>(_ body: () throws(ImageError) -> Value) throws(ImageError) -> Value {
        try holding("lock", shared: true, body)
    }

    /// Runs `body` while nobody adds anything; answers `nil` when somebody does and `wait` is false.
    func alone<Value>(
        wait: Bool, _ body: () throws(ImageError) -> Value
    ) throws(ImageError) -> Value? {
        guard let lock = try lock("lock", shared: false, wait: wait) else { return nil }
        defer { keep(lock) }
        return try body()
    }

    /// The names and images as they are now.
    func table() throws(ImageError) -> ReferenceTable {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(tablePath) } catch {
            if error.errno == .noEntity { return ReferenceTable() }
            throw .system(step: "read \(tablePath)", reason: "\(error)")
        }
        return try ReferenceTable(bytes, tablePath)
    }

    /// Changes names and images, within ``adding(_:)``: whoever reads sees all of the change or nothing of it, also after a crash.
    func changeTable<Value>(
        _ body: (inout ReferenceTable) throws(ImageError) -> Value
    ) throws(ImageError) -> Value {
        try holding("names.lock", shared: false) { () throws(ImageError) in
            var table = try table()
            let before = table
            let value = try body(&table)
            guard table != before else { return value }
            try step("write \(tablePath)") { () throws(SystemError) in
                // Where the next open finds it, should this be the end.
                try replaceFile(
                    tablePath, table.bytes, mode: 0o600, draft: "\(root)/incoming/names")
                try FileDescriptor.open(root, .directory).synchronize()
            }
            return value
        }
    }

    /// While the lock is held nobody changes names and images: what is found stays until somebody has written down that he uses it.
    package func holdNames() throws(ImageError) -> FileLock {
        guard let lock = try lock("names.lock", shared: true, wait: true) else {
            throw .system(step: "lock \(root)/names.lock", reason: "it is held")
        }
        return lock
    }

    private var tablePath: String { "\(root)/names.json" }

    private func holding<Value>(
        _ name: String, shared: Bool, _ body: () throws(ImageError) -> Value
    ) throws(ImageError) -> Value {
        guard let lock = try lock(name, shared: shared, wait: true) else {
            throw .system(step: "lock \(root)/\(name)", reason: "it is held")
        }
        defer { keep(lock) }
        return try body()
    }

    private func lock(_ name: String, shared: Bool, wait: Bool) throws(ImageError) -> FileLock? {
        let path = "\(root)/\(name)"
        return try step("lock \(path)") { () throws(SystemError) in
            let file = try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600)
            return try FileLock.take(file, name: path, shared: shared, wait: wait)
        }
    }

    /// Says that the lock is held up to here.
    private func keep(_ lock: borrowing FileLock) {}
}
