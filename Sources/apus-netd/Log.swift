import Kernel

/// What the daemon has to say: a file of bounded size, or standard error.
final class Log {
    private let path: String?
    private var file: FileDescriptor?
    private var size: Int64 = 0
    /// What was said last, so that a line which comes a thousand times stands there once.
    private var last = ""
    private var repetitions = 0

    /// Bytes after which a new file is begun; the one before is kept as `PATH.1`.
    private static let limit: Int64 = 1 << 20

    /// `path`: of the file; nil for standard error.
    init(_ path: String?) {
        self.path = path
        open()
    }

    func callAsFunction(_ text: String) {
        if text == last {
            repetitions += 1
            return
        }
        if repetitions > 0 { write("the last line came \(repetitions) times more") }
        last = text
        repetitions = 0
        write(text)
    }

    private func write(_ text: String) {
        guard let path else {
            writeError(Array("\(programName): \(text)\n".utf8))
            return
        }
        let line = Array("\(currentTimestamp()) \(text)\n".utf8)
        if size + Int64(line.count) > Self.limit {
            try? renameFile(path, to: path + ".1")
            open()
        }
        // A full disk is no reason to end.
        try? file?.write(line)
        size += Int64(line.count)
    }

    private func open() {
        guard let path else { return }
        file = try? FileDescriptor.open(path, [.create, .append, .writeOnly, .noFollow], mode: 0o600)
        size = (try? fileStatus(path).size) ?? 0
    }
}
