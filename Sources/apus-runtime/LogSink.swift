import CommandWords
import Kernel

/// Where the lines of a log end up: a file, the journal, or syslog. Open to the end of the process.
final class LogSink: Sendable {
    private enum Kind {
        case file
        /// Each carries the name the entries go by.
        case journal(String)
        case syslog(String)
    }

    private let kind: Kind
    private let file: FileDescriptor

    /// Whether a line wants the format of `--log-format`; the others have a form of their own.
    var takesFormattedLines: Bool { if case .file = kind { true } else { false } }

    /// Opens `place`: a path, `file:PATH`, `journald:NAME` or `syslog:NAME`.
    init(_ place: String) throws(Failure) {
        if let name = text(place, behind: "journald:") {
            kind = .journal(name.isEmpty ? programName : name)
            file = try Self.connected("/run/systemd/journal/socket", "the journal")
        } else if let name = text(place, behind: "syslog:") {
            kind = .syslog(name.isEmpty ? programName : name)
            file = try Self.connected("/dev/log", "syslog")
        } else {
            kind = .file
            file = try system("open the log file") { () throws(SystemError) in
                let path = text(place, behind: "file:") ?? place
                return try FileDescriptor.open(path, [.writeOnly, .create, .append], mode: 0o644)
            }
        }
    }

    /// Sends a message. Best effort: a full disk must not stop the operation the line is about.
    func write(_ level: Log.Level, _ line: String) {
        do throws(SystemError) {
            switch kind {
            case .file: try file.write(line)
            // journal-fields(7)
            case .journal(let name):
                try file.send(
                    Array("MESSAGE=\(line)\nPRIORITY=\(level.severity)\nSYSLOG_IDENTIFIER=\(name)\n".utf8))
            // RFC 3164, facility 3 (daemons)
            case .syslog(let name):
                try file.send(Array("<\(3 * 8 + level.severity)>\(name)[\(processID())]: \(line)".utf8))
            }
        } catch { printError(line + "\n") }
    }

    private static func connected(_ path: String, _ name: String) throws(Failure) -> FileDescriptor {
        try system("log to \(name)") { () throws(SystemError) in try connectDatagramSocket(path) }
    }
}

extension Log.Level {
    /// As syslog(3) counts.
    fileprivate var severity: Int {
        switch self {
        case .error: 3
        case .warning: 4
        case .info: 6
        case .debug: 7
        }
    }
}

private func text(_ place: String, behind prefix: String) -> String? {
    place.hasPrefix(prefix) ? String(place.dropFirst(prefix.utf8.count)) : nil
}
