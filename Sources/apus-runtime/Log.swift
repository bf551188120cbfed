import CommandWords
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
    private let sink: LogSink?

    /// Text on standard error, warnings and worse: how things are before the options have been read.
    static var initial: Log { Log(format: .text, threshold: .warning, sink: nil) }

    private init(format: Format, threshold: Level, sink: LogSink?) {
        self.format = format
        self.threshold = threshold
        self.sink = sink
    }

    /// Opens the log at `place`; `nil` is standard error.
    init(place: String?, format: Format, threshold: Level) throws(Failure) {
        self.format = format
        self.threshold = threshold
        sink = try place.map { place throws(Failure) in try LogSink(place) }
    }

    /// Writes one line, if the level asks for it.
    func write(_ level: Level, _ message: String) {
        guard level <= threshold else { return }
        guard let sink else { return printError(line(level, message)) }
        sink.write(level, sink.takesFormattedLines ? line(level, message) : oneLine(message))
    }

    /// Writes why the program ends. With a log of its own, standard error gets the plain text too, as of runc.
    func writeFatal(_ message: String) {
        write(.error, message)
        if sink != nil { printError(oneLine(message) + "\n") }
    }

    private func oneLine(_ message: String) -> String {
        message.split(separator: "\n").joined(separator: "; ")
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
