package import JSON
internal import Kernel

/// Talks to the `apus-netd` of a run directory, and starts it where a call needs one.
package struct NetdClient: Hashable, Sendable {
    package let paths: NetdPaths
    private let program: String?
    /// Milliseconds an answer may take.
    package var patience: Int32 = 30_000

    /// `program`: the path of `apus-netd`; nil looks for it, see ``find()``.
    package init(_ paths: NetdPaths, program: String? = nil) {
        self.paths = paths
        self.program = program
    }

    /// Has the daemon look at a record again, which is new, has changed or has gone.
    ///
    /// What it does is done when this returns: names and ports are as the record says. `record` is the file's name.
    /// - Returns: what the daemon says of it.
    @discardableResult
    package func sync(_ kind: RecordKind, _ record: String) throws(NetdError) -> JSONReader {
        try call(.sync(kind, record: record))
    }

    /// Asks for something about networks of several hosts; see ``OverlayAction`` for what goes in and comes out.
    package func overlay(
        _ action: OverlayAction, with arguments: JSONValue = .object([])
    ) throws(NetdError) -> JSONReader { try call(.overlay(action, with: arguments)) }

    /// The same, unless there is no daemon: then nothing is served, and it finds the record as it is when it comes.
    package func syncIfRunning(_ kind: RecordKind, _ record: String) throws(NetdError) {
        var attemptsLeft = 3
        while let connection = try connected() {
            attemptsLeft -= 1
            do throws(NetdError) {
                _ = try exchange(.sync(kind, record: record), connection)
                return
            } catch {
                // It may have been just ending.
                guard case .silent = error, attemptsLeft > 0 else { throw error }
            }
        }
    }

    /// What the daemon serves; nil when there is none, which is no error.
    package func status() throws(NetdError) -> JSONReader? {
        guard let connection = try connected() else { return nil }
        return try exchange(.status, connection)
    }

    /// Ends the daemon, if there is one. It comes back with the next call of ``sync(_:_:)``.
    package func stop() throws(NetdError) {
        guard let connection = try connected() else { return }
        _ = try exchange(.stop, connection)
    }

    /// Whether there is a daemon which takes calls.
    package var isRunning: Bool { if case .some = try? connected() { true } else { false } }

    private func call(_ call: NetdCall) throws(NetdError) -> JSONReader {
        // A daemon which is just ending takes a call and does not answer: its successor does.
        var attemptsLeft = 3
        let deadline = monotonicMilliseconds() + Int64(patience)
        while true {
            attemptsLeft -= 1
            do throws(NetdError) { return try exchange(call, try reached()) } catch {
                guard case .silent = error, attemptsLeft > 0, monotonicMilliseconds() < deadline else {
                    throw error
                }
            }
        }
    }

    /// A connection to the daemon, which is started where there is none.
    private func reached() throws(NetdError) -> FileDescriptor {
        if let running = try connected() { return running }
        try start()
        if let started = try connected() { return started }
        // It may have been another's which was just ending.
        throw .silent("it ended right after its start; \(paths.log) may say more")
    }

    /// A connection to the daemon; nil when there is none.
    private func connected() throws(NetdError) -> FileDescriptor? {
        do throws(SystemError) { return try connectSocket(paths.socket) } catch {
            if [.noEntity, .connectionRefused].contains(error.errno) { return nil }
            throw .kernel("\(error)")
        }
    }

    /// Starts the daemon. The program goes on in the background, and its first process ends when it can be talked to.
    private func start() throws(NetdError) {
        let path = try find()
        let lines: String
        do throws(SystemError) {
            var daemon = Program(
                path: path, arguments: [path, "--daemon", "--run", paths.run],
                environment: ["PATH=\(usualPath)"] + cluster)
            daemon.directory = "/"
            daemon.timeout = 20_000
            let result = try daemon.run()
            if result.status == .exited(0) { return }
            lines = result.errorText
        } catch { throw .notStarted(program: path, error.errno.reason) }
        let last = lines.split(separator: "\n").last.map(String.init)
        throw .notStarted(program: path, last ?? "it ended without a word; \(paths.log) may say more")
    }

    /// Where the daemon finds its cluster, if somebody said so. Its current directory is another one.
    private var cluster: [String] {
        guard let file = environmentVariable("APUS_OVERLAY"), !file.isEmpty else { return [] }
        let here = file.hasPrefix("/") ? nil : try? currentDirectory()
        return ["APUS_OVERLAY=" + (here.map { "\($0)/\(file)" } ?? file)]
    }

    private func exchange(
        _ call: NetdCall, _ connection: borrowing FileDescriptor
    ) throws(NetdError) -> JSONReader {
        let line: [UInt8]
        do throws(SystemError) {
            try connection.sendAll(Array((call.json.text + "\n").utf8), milliseconds: 5000)
            line = try connection.line(milliseconds: patience)
        } catch { throw .silent(error.errno.reason) }
        let answer: JSONReader
        let refusal: NetdRefusal?
        do throws(JSONError) {
            answer = JSONReader(try JSONValue(parsing: line))
            refusal = try NetdRefusal(answer)
        } catch { throw .silent("\(error)") }
        if let refusal { throw .refused(refusal) }
        return answer
    }
}

private let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

extension NetdClient {
    /// The path of the program: what the client was made with, `$APUS_NETD`, beside the program which runs,
    /// `/usr/local/bin`, or in `$PATH`.
    package func find() throws(NetdError) -> String {
        if let program = program ?? environmentVariable("APUS_NETD"), !program.isEmpty {
            guard (try? fileStatus(program))?.kind == .regular else { throw .missing(places: [program]) }
            return program
        }
        var directories: [String] = []
        if let own = try? readLink("/proc/self/exe"), let slash = own.lastIndex(of: "/") {
            directories.append(String(own[..<slash]))
        }
        directories.append("/usr/local/bin")
        directories += (environmentVariable("PATH") ?? usualPath).split(separator: ":").map(String.init)
        guard let path = findFile("apus-netd", in: directories) else {
            throw .missing(places: directories.map { "\($0)/apus-netd" })
        }
        return path
    }
}

extension FileDescriptor {
    /// What comes over a stream socket up to the end of the first line, which is left out.
    fileprivate borrowing func line(milliseconds: Int32) throws(SystemError) -> [UInt8] {
        var line: [UInt8] = []
        while true {
            let more = try receive(upTo: 65536, milliseconds: milliseconds)
            guard !more.isEmpty else { throw SystemError(call: "recv", errno: .brokenPipe) }
            line += more
            if let end = line.firstIndex(of: 10) { return Array(line[..<end]) }
        }
    }
}
