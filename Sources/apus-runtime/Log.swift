import JSON
import Kernel

/// Where messages go, and how they are written. Engines parse these lines: the formats are logrus's.
struct Log: Sendable {
    enum Format: String, CaseIterable {
        case text, json
    }

    /// From the gravest.
    enum Level: Int, Comparable {
        case error, warning, info, debug

        var name: String {
            switch self {
            case .error: "error"
            case .warning: "warning"
            case .info: "info"
            case .debug: "debug"
            }
        }

        static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    private let format: Format
    private let threshold: Level
    private let file: LogFile?

    /// Text on standard error, warnings and worse: how things are before the options have been read.
    static var initial: Log { Log(format: .text, threshold: .warning, file: nil) }

    private init(format: Format, threshold: Level, file: LogFile?) {
        self.format = format
        self.threshold = threshold
        self.file = file
    }

    /// Opens the log; a `path` of `nil` is standard error.
    init(path: String?, format: Format, threshold: Level) throws(Failure) {
        self.format = format
        self.threshold = threshold
        file = try path.map { path throws(Failure) in try LogFile(path) }
    }

    /// Writes one line, if the level asks for it.
    func write(_ level: Level, _ message: String) {
        guard level <= threshold else { return }
        let line = line(level, message)
        guard let file else { return printError(line) }
        file.write(line)
    }

    /// Writes why the program ends. With a log file, standard error gets the plain text as well, as of runc.
    func writeFatal(_ message: String) {
        write(.error, message)
        if file != nil { printError(message.split(separator: "\n").joined(separator: "; ") + "\n") }
    }

    private func line(_ level: Level, _ message: String) -> String {
        let time = String(currentTimestamp().prefix(19)) + "Z"
        switch format {
        case .json:
            var object = JSONObject()
            object.set("level", level.name)
            object.set("msg", message)
            object.set("time", time)
            return object.value.text + "\n"
        case .text:
            return "time=\"" + time + "\" level=" + level.name + " msg=" + JSONValue.string(message).text
                + "\n"
        }
    }
}

/// The open log file. It stays open to the end, also in the container's first process.
private final class LogFile: Sendable {
    private let file: FileDescriptor

    init(_ path: String) throws(Failure) {
        file = try system("open the log file") { () throws(SystemError) in
            try FileDescriptor.open(path, [.writeOnly, .create, .append], mode: 0o644)
        }
    }

    // Best effort: a full disk must not stop the operation the line is about.
    func write(_ line: String) { do throws(SystemError) { try file.write(line) } catch { printError(line) } }
}
