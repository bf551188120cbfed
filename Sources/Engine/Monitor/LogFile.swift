internal import Kernel

/// A line of a container's log.
package struct LogLine: Hashable, Sendable {
    /// As conmon wrote it, RFC 3339 with an offset.
    package var time: String
    package var isError: Bool
    /// Whether a line end belongs to it: a long line comes in parts.
    package var isWhole: Bool
    package var text: [UInt8]

    /// Reads what stands between two line ends: `TIME stdout|stderr F|P TEXT`, the form of Kubernetes' CRI; `nil` for anything else.
    package init?(_ line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[2].elementsEqual([70]) || parts[2].elementsEqual([80]) else {
            return nil
        }
        time = String(decoding: parts[0], as: UTF8.self)
        isError = parts[1].elementsEqual("stderr".utf8)
        isWhole = parts[2].elementsEqual([70])
        text = Array(parts[3])
    }
}

/// Reads the lines of a file as it grows; a file that takes its place is read from its beginning.
struct LineFile: ~Copyable {
    private let path: String
    private var file: FileDescriptor?
    private var inode: UInt64 = 0
    /// The beginning of a line whose end is not written yet.
    private var rest: [UInt8] = []

    init(_ path: String) {
        self.path = path
        open()
    }

    /// The lines that came since the last call, without their ends; none when there are none now.
    mutating func more() throws(SystemError) -> [ArraySlice<UInt8>] {
        if file == nil { open() }
        guard var bytes = try file?.read(upTo: 65_536) else { return [] }
        if bytes.isEmpty {
            guard let status = try? fileStatus(path), status.inode != inode else { return [] }
            // What was written to the old file before the new one took its place.
            bytes = try file?.read(upTo: 65_536) ?? []
            if bytes.isEmpty {
                rest = []
                open()
                bytes = try file?.read(upTo: 65_536) ?? []
            }
        }
        rest += bytes
        guard let end = rest.lastIndex(of: 10) else { return [] }
        let lines = rest[..<end].split(separator: 10, omittingEmptySubsequences: false)
        rest.removeSubrange(...end)
        return lines
    }

    private mutating func open() {
        guard let opened = try? FileDescriptor.open(path), let status = try? opened.status() else { return }
        inode = status.inode
        file = consume opened
    }
}
