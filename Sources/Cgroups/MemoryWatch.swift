internal import Kernel

/// Tells when a container runs out of memory.
public struct MemoryWatch: ~Copyable {
    /// What happened since the last question.
    public enum Event: Hashable, Sendable {
        case nothing
        /// The kernel ended a process of the cgroup for want of memory.
        case outOfMemory
        /// The cgroup is gone, or nothing runs in it any more: there will be no more events.
        case ended
    }

    private let descriptor: FileDescriptor
    private let directory: String
    private let isUnified: Bool
    /// v2: how many were ended by then.
    private var kills: UInt64

    /// The number to wait on, readable when ``next()`` has news. Valid while `self` is alive.
    public var rawValue: Int32 { descriptor.rawValue }

    fileprivate init(
        _ descriptor: consuming FileDescriptor, _ directory: String, isUnified: Bool, kills: UInt64
    ) {
        self.descriptor = descriptor
        self.directory = directory
        self.isUnified = isUnified
        self.kills = kills
    }

    /// Answers what happened, without waiting.
    public mutating func next() throws(CgroupError) -> Event {
        let hasNews = try drain()
        if !fileExists(directory) { return .ended }
        guard hasNews else { return .nothing }
        // The kernel of v1 counts a removal as an event, too; that case has been answered.
        if !isUnified { return .outOfMemory }
        let now = ControlFiles(directory).table("memory.events").number("oom_kill")
        defer { kills = now }
        if now > kills { return .outOfMemory }
        return ControlFiles(directory).table("cgroup.events").number("populated") == 0 ? .ended : .nothing
    }

    private func drain() throws(CgroupError) -> Bool {
        do throws(SystemError) {
            return try descriptor.drainEvents()
        } catch {
            throw .system(step: "read memory events", reason: "\(error)", hint: "")
        }
    }
}

extension Cgroup {
    /// Starts to watch for the container running out of memory.
    ///
    /// - Throws: ``CgroupError`` when the container has no memory controller.
    public func watchMemory() throws(CgroupError) -> MemoryWatch {
        guard let directory = isUnified ? unifiedDirectory : directory(of: "memory") else {
            throw .system(
                step: "watch for out-of-memory events", reason: "the cgroup has no memory controller",
                hint: "")
        }
        do throws(SystemError) {
            return try isUnified ? watchUnified(directory) : watchLegacy(directory)
        } catch {
            throw .system(
                step: "watch for out-of-memory events", reason: "\(error)",
                hint: error.isMissing
                    ? "the memory controller is not enabled, or the container has ended" : "")
        }
    }

    private func watchUnified(_ directory: String) throws(SystemError) -> MemoryWatch {
        let changes = try FileDescriptor.changes(
            of: ["\(directory)/memory.events", "\(directory)/cgroup.events"])
        // After the watch is set: what happens in between is not counted twice, and not missed.
        let kills = ControlFiles(directory).table("memory.events").number("oom_kill")
        return MemoryWatch(changes, directory, isUnified: true, kills: kills)
    }

    /// Documentation/admin-guide/cgroup-v1/memory.rst, "OOM Control".
    private func watchLegacy(_ directory: String) throws(SystemError) -> MemoryWatch {
        let counter = try FileDescriptor.eventCounter()
        let control = try FileDescriptor.open("\(directory)/memory.oom_control")
        try writeFile("\(directory)/cgroup.event_control", "\(counter.rawValue) \(control.rawValue)")
        return MemoryWatch(counter, directory, isUnified: false, kills: 0)
    }
}
