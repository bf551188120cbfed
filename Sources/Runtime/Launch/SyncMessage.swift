internal import Kernel

/// What the runtime and the container's first process say to each other while the container is made.
///
///     container process            runtime
///     -----------------            -------
///     made(pid)               -->  (from the stagehand, where there is one)
///                             <--  proceed (to the process that was made)
///     needsIDMaps             -->  writes uid_map, gid_map
///                             <--  proceed
///     needsHooks              -->  runs prestart, createRuntime
///                             <--  proceed
///     notifies(number)        -->  hands the seccomp descriptor to the listener
///                             <--  proceed
///     warning(text)           -->  passes it on
///     ready                   -->  applies limits, writes state, pid file
///                             <--  proceed
///     independent             -->  exits 0: the process does not die with the runtime any more
///     failed(text)            -->  prints text; undoes; exits 1
///
/// One message is one packet of an AF_UNIX SOCK_SEQPACKET pair, so a message is never split.
package enum SyncMessage: Hashable, Sendable {
    case made(pid: Int32)
    case needsIDMaps
    case needsHooks
    case proceed
    case ready
    case independent
    case warning(String)
    case notifies(descriptor: Int32)
    case failed(String)

    package var bytes: [UInt8] {
        switch self {
        case .needsIDMaps: [1]
        case .needsHooks: [2]
        case .proceed: [3]
        case .ready: [4]
        case .independent: [9]
        case .failed(let text): [5] + Array(text.utf8.prefix(Self.longest - 1))
        case .warning(let text): [6] + Array(text.utf8.prefix(Self.longest - 1))
        case .made(let pid): [7] + Array(String(pid).utf8)
        case .notifies(let number): [8] + Array(String(number).utf8)
        }
    }

    package init?(bytes: [UInt8]) {
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch bytes.first {
        case 1: self = .needsIDMaps
        case 2: self = .needsHooks
        case 4: self = .ready
        case 9: self = .independent
        case 5: self = .failed(text)
        case 6: self = .warning(text)
        case 3: self = .proceed
        case 7, 8:
            guard let number = Int32(text) else { return nil }
            self = bytes[0] == 7 ? .made(pid: number) : .notifies(descriptor: number)
        default: return nil
        }
    }

    /// Bytes of the longest message.
    static let longest = 8192
}

/// One end of the conversation.
struct SyncChannel: ~Copyable {
    let file: FileDescriptor

    init(_ file: consuming FileDescriptor) { self.file = file }

    func send(_ message: SyncMessage) throws(RuntimeError) {
        // write(2), which a profile with notifications must allow, and not sendto(2), which it may not.
        try RuntimeError.step("speak to the other process") { () throws(SystemError) in
            try file.write(message.bytes)
        }
    }

    /// Says `message` to a process which may have died: that is for ``receive()`` to tell, and how it died more than
    /// a broken pipe. For the runtime's side.
    func answer(_ message: SyncMessage) throws(RuntimeError) {
        do throws(SystemError) { try file.write(message.bytes) } catch {
            guard error.errno != .brokenPipe else { return }
            throw .system(step: "speak to the other process", reason: "\(error)")
        }
    }

    /// The next message; `nil` when the other side is gone.
    func receive() throws(RuntimeError) -> SyncMessage? {
        do throws(SystemError) {
            return SyncMessage(bytes: try file.receive(upTo: SyncMessage.longest))
        } catch {
            // A peer that died with unread packets resets the connection instead of ending it.
            if error.errno.rawValue == 104 { return nil }
            throw .system(step: "hear from the other process", reason: "\(error)")
        }
    }

    /// Says `message` and waits for the answer to go on. For the container's side.
    func ask(_ message: SyncMessage) throws(RuntimeError) {
        try send(message)
        try awaitProceed()
    }

    /// Waits until the runtime says to go on. For the container's side.
    func awaitProceed() throws(RuntimeError) {
        guard case .proceed = try receive() else { throw .initFailed("the runtime has gone") }
    }
}
