internal import Kernel

/// Which lines of a log somebody wants.
package struct LogQuery: Sendable {
    /// Only the last ones; `nil` is all.
    package var last: Int?
    package var follows = false
    package var showsTimes = false
    package var since: Moment?
    package var until: Moment?

    package init() {}
}

extension Container {
    /// Writes the log to standard output and standard error; follows it, when asked to, until the container does not run any more.
    package func showLog(_ query: LogQuery) throws(EngineError) {
        guard record.logDriver != "none" else {
            throw EngineError("configured logging driver does not support reading", .invalid)
        }
        var log = LineFile(logPath)
        var printer = LogPrinter(query)
        try EngineError.step("show the log of \(record.name)") { () throws(SystemError) in
            var tail: [LogLine] = []
            while true {
                let bytes = try log.more()
                if bytes.isEmpty { break }
                let lines = bytes.compactMap { LogLine($0) }
                guard let last = query.last else {
                    try printer.show(lines)
                    continue
                }
                tail = LogQuery.last(last, of: tail + lines)
            }
            try printer.show(tail)
        }
        if query.follows { try follow(&log, &printer) }
    }

    private func follow(_ log: inout LineFile, _ printer: inout LogPrinter) throws(EngineError) {
        var mayHaveMore = true
        while mayHaveMore, !printer.isDone {
            mayHaveMore = try isWritten()
            let idle = try EngineError.step("show the log of \(record.name)") { () throws(SystemError) in
                let lines = try log.more()
                try printer.show(lines.compactMap { LogLine($0) })
                return lines.isEmpty
            }
            if !idle { mayHaveMore = true } else if mayHaveMore { pause(milliseconds: 25) }
        }
    }

    /// Whether somebody may still write to the log.
    private func isWritten() throws(EngineError) -> Bool {
        switch try state() {
        case .running, .paused, .restarting: true
        case .created, .exited: try running()?.monitor.isAlive ?? false
        }
    }
}

extension LogQuery {
    /// The last `count` whole lines, with the parts that belong to them.
    package static func last(_ count: Int, of lines: [LogLine]) -> [LogLine] {
        var left = count
        for index in lines.indices.reversed() where index == lines.endIndex - 1 || lines[index].isWhole {
            if left == 0 { return Array(lines[(index + 1)...]) }
            left -= 1
        }
        return count == 0 ? [] : lines
    }
}

/// Prints lines the way a query wants them.
struct LogPrinter {
    private let query: LogQuery
    /// The last line was written as far as it had come.
    private var isWithinLine = false
    /// A line is later than what was asked for.
    private(set) var isDone = false

    init(_ query: LogQuery) { self.query = query }

    mutating func show(_ lines: [LogLine]) throws(SystemError) {
        var (output, errors): ([UInt8], [UInt8]) = ([], [])
        for line in lines {
            guard isWanted(line), !isDone else { continue }
            let bytes = text(of: line)
            if line.isError { errors += bytes } else { output += bytes }
            isWithinLine = !line.isWhole
        }
        if !output.isEmpty { try withStandardOutput { file throws(SystemError) in try file.write(output) } }
        if !errors.isEmpty { try withStandardError { file throws(SystemError) in try file.write(errors) } }
    }

    private func text(of line: LogLine) -> [UInt8] {
        var bytes: [UInt8] = []
        if query.showsTimes, !isWithinLine { bytes += Array((universal(line.time) + " ").utf8) }
        bytes += line.text
        if line.isWhole { bytes.append(10) }
        return bytes
    }

    private mutating func isWanted(_ line: LogLine) -> Bool {
        guard query.since != nil || query.until != nil, let time = Moment(line.time) else { return true }
        if let until = query.until, time > until { isDone = true }
        return query.since.map { time >= $0 } ?? true
    }

    /// The time as Docker writes it: in UTC.
    private func universal(_ time: String) -> String {
        guard let moment = Moment(time) else { return time }
        return timestamp(seconds: moment.seconds, nanoseconds: moment.nanoseconds)
    }
}
