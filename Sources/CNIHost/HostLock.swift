internal import Kernel

extension PluginHost {
    /// Runs `body` while nobody else does something to the container, and nobody a GC to the network.
    ///
    /// CNI 1.1.0, "Lifecycle & Ordering".
    func holding<Value>(
        _ key: AttachmentKey, _ body: () throws(HostError) -> Value
    ) throws(HostError) -> Value {
        let network = try lock(networkFile(key.network), shared: true)
        defer { keep(network) }
        return try holdingContainer(key.containerID, body)
    }

    /// Runs `body` while nobody else does anything to the network.
    func holdingNetwork<Value>(
        _ name: String, _ body: () throws(HostError) -> Value
    ) throws(HostError) -> Value {
        let network = try lock(networkFile(name), shared: false)
        defer { keep(network) }
        return try body()
    }

    /// Runs `body` while nobody else does something to the container.
    func holdingContainer<Value>(
        _ id: String, _ body: () throws(HostError) -> Value
    ) throws(HostError) -> Value {
        let file = "\(cache.locks)/\(Self.containerPrefix)\(id)"
        let container = try lock(file, shared: false)
        defer {
            // Still held, so nobody takes the name for free; who waits for the old file sees that it has gone.
            do throws(SystemError) { try removeFileIfPresent(file) } catch {}
            keep(container)
        }
        return try body()
    }

    /// Takes away the locks and drafts of containers which a host that was killed has left.
    func sweepLocks() {
        for name in (try? listDirectory(cache.locks)) ?? [] where name.hasPrefix(Self.containerPrefix) {
            let file = "\(cache.locks)/\(name)"
            // Of one that is held somebody takes care.
            guard let lock = try? attempt(file, shared: false) else { continue }
            let draft = cache.draft(ofContainer: String(name.dropFirst(Self.containerPrefix.utf8.count)))
            do throws(SystemError) {
                try removeFileIfPresent(draft)
                try removeFileIfPresent(file)
            } catch {}
            keep(lock)
        }
    }

    private static var containerPrefix: String { "container-" }

    private func networkFile(_ network: String) -> String { "\(cache.locks)/network-\(network)" }

    /// Says that the lock is held up to here.
    private func keep(_ lock: borrowing FileLock) {}

    private func lock(_ path: String, shared: Bool) throws(HostError) -> FileLock {
        try step("make the directory of locks") { () throws(SystemError) in
            try makeDirectories(cache.locks, mode: 0o700)
        }
        while true {
            if let lock = try attempt(path, shared: shared) { return lock }
            // No waiting in the kernel: that would be deaf to the caller's signals.
            if let signal = interruption?.signal(.none) { throw .interrupted(signal: signal, leftovers: []) }
            pause(milliseconds: 10)
        }
    }

    /// The lock on the file which has the name now; `nil` when somebody holds it, or has just taken the file away.
    private func attempt(_ path: String, shared: Bool) throws(HostError) -> FileLock? {
        try step("lock \(path)") { () throws(SystemError) in
            let file = try FileDescriptor.open(path, [.create, .readWrite, .noFollow], mode: 0o600)
            let opened = try file.status()
            guard let lock = try FileLock.take(file, name: path, shared: shared, wait: false) else {
                return nil
            }
            let named = try? fileStatus(path)
            guard named?.inode == opened.inode, named?.device == opened.device else { return nil }
            return lock
        }
    }
}
