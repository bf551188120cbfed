internal import Cgroups
internal import Kernel

/// A process that was just made, and the runtime's end of the conversation with it.
struct Newborn: ~Copyable {
    let pid: Int32
    let handle: FileDescriptor
    let channel: SyncChannel
}

extension Newborn {
    /// Gives a pidfd of the process to who listens at `path`, where there is one (`--pidfd-socket`).
    func handOver(to path: String?) throws(RuntimeError) {
        guard let path else { return }
        let number = handle.rawValue
        try RuntimeError.step("send the pidfd") { () throws(SystemError) in
            try connectSocket(path).send(Array("pidfd".utf8), descriptors: [number])
        }
    }
}

/// On which side of the clone this code goes on.
enum BirthSide: ~Copyable {
    /// In the new process, which never returns to the caller's caller.
    case container(SyncChannel)
    case runtime(Newborn)
}

/// Makes a process of the container, in its cgroup.
struct Birth {
    /// Namespaces clone3(2) makes for the process.
    var namespaces: NamespaceSet = []
    /// Namespaces the process makes before it enters its cgroup, without a stagehand only.
    var ownNamespaces: NamespaceSet = []
    /// What a process in between does before it makes the container's process; `nil` where none is needed.
    ///
    /// setns(2) and unshare(2) give pid and time namespaces to children only, and the rights over namespaces
    /// come from a user namespace that must be entered before.
    var stagehand: (() throws(RuntimeError) -> Void)?

    /// Clones.
    ///
    /// - Throws: ``RuntimeError`` in the runtime's process only; the new one tells the runtime and ends.
    func make(in cgroup: borrowing CgroupEntry) throws(RuntimeError) -> BirthSide {
        let pair = try RuntimeError.step("open a socket pair") { () throws(SystemError) in try PacketPair() }
        let directory = cgroup.directory
        let cloned = try RuntimeError.step("start the container's process") { () throws(SystemError) in
            try cloneProcess(stagehand == nil ? namespaces : [], cgroup: directory)
        }
        switch consume cloned {
        case .child:
            // The runtime's end closes here, or the process would not see the runtime go.
            let channel = SyncChannel(pair.keepSecond())
            begin(channel, cgroup)
            return .container(channel)
        case .parent(let pid, let handle):
            let channel = SyncChannel(pair.keepFirst())
            if stagehand == nil { return .runtime(Newborn(pid: pid, handle: handle, channel: channel)) }
            let child = try Self.awaitSibling(of: pid, channel)
            return .runtime(Newborn(pid: child, handle: try Self.open(child), channel: channel))
        }
    }

    /// The first steps of the new process, and all of the one in between.
    private func begin(_ channel: borrowing SyncChannel, _ cgroup: borrowing CgroupEntry) {
        do throws(RuntimeError) {
            try RuntimeError.step("tie the process to the runtime") { () throws(SystemError) in
                unblockSignals()
                try setParentDeathSignal(Signal.kill)
                // Nobody of the container may look into this process before it is the user's program.
                try setDumpable(false)
            }
            try RuntimeError.step("make the container's namespaces") { () throws(SystemError) in
                if !ownNamespaces.isEmpty { try unshareNamespaces(ownNamespaces) }
            }
            try RuntimeError.cgroup { () throws(CgroupError) in try cgroup.enter() }
            guard let stagehand else { return }
            try stagehand()
            let cloned = try RuntimeError.step("start the container's process") { () throws(SystemError) in
                try cloneProcess(namespaces, sharingParent: true)
            }
            guard case .parent(let pid, _) = cloned else {
                try RuntimeError.step("tie the process to the runtime") { () throws(SystemError) in
                    try setParentDeathSignal(Signal.kill)
                }
                // Both may speak now, and the runtime must hear first whom it will hear.
                return try channel.awaitProceed()
            }
            try channel.send(.made(pid: pid))
        } catch {
            exitNow((try? channel.send(.failed("\(error)"))) == nil ? 1 : Self.told)
        }
        exitNow(Self.told)
    }

    /// Exit status of a process in between that has told the runtime how it went.
    private static let told: Int32 = 0

    /// The process that `stagehand` has made. It is told to go on.
    ///
    /// Its end is awaited first: were it killed before it spoke, the channel would stay open in what it made, and silent.
    private static func awaitSibling(
        of stagehand: Int32, _ channel: borrowing SyncChannel
    ) throws(RuntimeError) -> Int32 {
        let status = try RuntimeError.step("wait for process \(stagehand)") { () throws(SystemError) in
            try waitForExit(stagehand)
        }
        guard status == .exited(told) else {
            throw .initFailed("the process that joins the container's namespaces ended: \(status.text)")
        }
        switch try channel.receive() {
        case .made(let pid):
            try channel.answer(.proceed)
            return pid
        case .failed(let text): throw .initFailed(text)
        default: throw .initFailed("the process that joins the container's namespaces spoke out of turn")
        }
    }

    private static func open(_ pid: Int32) throws(RuntimeError) -> FileDescriptor {
        try RuntimeError.step("open process \(pid)") { () throws(SystemError) in try openProcess(pid) }
    }
}
