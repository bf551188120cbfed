import JSON
import Kernel
import Suite

private let terminal = property(
    "process.terminal",
    "`terminal` (bool, OPTIONAL) specifies whether a terminal is attached to the process, defaults to false.",
    "config.md#process")
private let streams = property(
    "process.terminal.streams",
    "As an example, if set to true on Linux a pseudoterminal pair is allocated for the process and the pseudoterminal pty is duplicated on the process's standard streams.",
    "config.md#process")
private let size = property(
    "process.consoleSize",
    "`consoleSize` (object, OPTIONAL) specifies the console size in characters of the terminal.",
    "config.md#process")
private let sizeIgnored = must(
    "process.consoleSize.ignored", "Runtimes MUST ignore `consoleSize` if `terminal` is `false` or unset.",
    "config.md#process")
private let console = must(
    "devices.console",
    "In addition to any devices configured with this setting, the runtime MUST also supply: `/dev/console` is set up if `terminal` is enabled in the config by bind mounting the pseudoterminal pty to `/dev/console`.",
    "config-linux.md#default-devices")

/// config.md, "Process": the terminal. Its other side comes over `--console-socket`, as all runtimes have it.
let terminalSection = Section(
    "terminal",
    [
        check("oci.terminal.streams", "the standard streams are one terminal", terminal, streams) {
            bench throws(Stop) in
            let seen = try bench.runOnTerminal(["terminal 0", "terminal 1", "terminal 2"])
            for number in 0...2 {
                let value = try seen.value("terminal \(number)")
                try require(
                    value.member("is") == .boolean(true), "a terminal at descriptor \(number)",
                    seen: value.text)
            }
        },
        check("oci.terminal.pts", "the terminal is one of the container's own devpts", streams) {
            bench throws(Stop) in
            let path =
                try bench.runOnTerminal(["terminal 0"]).value("terminal 0").member("path")?.string ?? ""
            try require(
                path.hasPrefix("/dev/pts/") || path == "/dev/console", "a path in /dev/pts", seen: path)
        },
        check("oci.terminal.console", "/dev/console is the terminal", console) { bench throws(Stop) in
            let seen = try bench.runOnTerminal(["file /dev/console", "mounts", "open /dev/console rw"])
            let file = try seen.value("file /dev/console")
            // 136 to 143 are the pseudo-terminals.
            try require(
                (file.member("major")?.integer ?? 0) >= 136, "a pseudo-terminal at /dev/console",
                seen: file.text)
            let mount = try seen.mount("/dev/console")
            try require(mount.type == "devpts", "a bind mount of the pty at /dev/console", seen: mount.type)
        },
        check(
            "oci.terminal.controlling", "the terminal is the controlling one: /dev/tty can be opened", streams
        ) { bench throws(Stop) in
            try bench.runOnTerminal(["open /dev/tty rw"]).expect("open /dev/tty rw", "true")
        },
        check("oci.terminal.size", "the terminal has the size of consoleSize", size) { bench throws(Stop) in
            bench.config.set("process.consoleSize", #"{"height": 33, "width": 111}"#)
            let value = try bench.runOnTerminal(["terminal 0"]).value("terminal 0")
            try require(
                value.member("rows") == .integer(33) && value.member("columns") == .integer(111),
                "33 rows and 111 columns", seen: value.text)
        },
        check(
            "oci.terminal.none",
            "without `terminal` the standard streams are no terminal, and /dev/console is none", terminal
        ) { bench throws(Stop) in
            let seen = try bench.run("terminal 0", "terminal 1", "entry /dev/console")
            for number in 0...1 {
                let value = try seen.value("terminal \(number)")
                try require(
                    value.member("is") == .boolean(false), "no terminal at descriptor \(number)",
                    seen: value.text)
            }
        },
        check("oci.terminal.size-ignored", "consoleSize without a terminal is ignored", sizeIgnored) {
            bench throws(Stop) in
            bench.config.set("process.consoleSize", #"{"height": 33, "width": 111}"#)
            try bench.run("pid").expect("pid", "1")
        },
    ])

extension ContainerBench {
    /// Runs the probe on a terminal, whose other side is read here.
    func runOnTerminal(_ requests: [String]) throws(Stop) -> Sighting {
        config.set("process.terminal", "true")
        ask(requests)
        let path = home + "/console"
        let socket = try prepare("a socket") { () throws(SystemError) in try listenSocket(path) }
        let state = try mustCreate(options: ["--console-socket", path])
        let master = try receiveTerminal(socket)
        try mustStart()
        let text = try readTerminal(master, until: state.pid)
        let status = try awaitEnd(of: state.pid)
        try delete()
        return Sighting(text, status: status)
    }

    private func receiveTerminal(_ socket: borrowing FileDescriptor) throws(Stop) -> FileDescriptor {
        do throws(SystemError) {
            let ready = try waitForReadiness([(socket.rawValue, .readable)], milliseconds: 5000)
            if let first = ready.first, !first.isEmpty {
                let (_, number) = try socket.acceptCaller().receiveDescriptor(upTo: 4096)
                if let number { return FileDescriptor(owning: number) }
            }
        } catch { throw .trouble("cannot hear from the runtime: \(error)") }
        throw .finding(expected: "the terminal's other side over the console socket", seen: "nothing came")
    }

    private func readTerminal(_ master: borrowing FileDescriptor, until pid: Int32) throws(Stop) -> String {
        var bytes: [UInt8] = []
        do throws(SystemError) {
            while true {
                let ready = try waitForReadiness([(master.rawValue, .readable)], milliseconds: 10_000)
                guard let first = ready.first, !first.isEmpty else { break }
                let more = try master.read(upTo: 65536)
                if more.isEmpty { break }
                bytes += more
            }
        } catch {
            // EIO: nobody has the other side open any more.
            guard error.errno == .inputOutput else { throw .trouble("cannot read the terminal: \(error)") }
        }
        return String(decoding: bytes.filter { $0 != 13 }, as: UTF8.self)
    }
}
