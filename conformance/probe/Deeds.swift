import JSON
import Kernel

/// What the program can do: requests that try to change something.
let deeds: [String: Answerer] = [
    "write": { words throws(SystemError) in
        // Without O_CREAT: a file that is not there shall not pass for one that can be written.
        try FileDescriptor.open(words.word(0), [.writeOnly]).write(words.dropFirst().joined(separator: " "))
        return .boolean(true)
    },
    "open": { words throws(SystemError) in
        let options: FileDescriptor.OpenOptions =
            switch words.word(1) {
            case "w": .writeOnly
            case "rw": .readWrite
            default: []
            }
        _ = try FileDescriptor.open(words.word(0), options)
        return .boolean(true)
    },
    "take": { words throws(SystemError) in
        .number(try FileDescriptor.open(words.word(0)).read(upTo: Int(words.number(1))).count)
    },
    "make-file": { words throws(SystemError) in
        _ = try FileDescriptor.open(words.word(0), [.writeOnly, .create, .exclusive], mode: 0o644)
        return .boolean(true)
    },
    "make-directory": { words throws(SystemError) in
        try makeDirectory(words.word(0), mode: 0o755)
        return .boolean(true)
    },
    "make-node": { words throws(SystemError) in try makeNode(words) },
    "mount": { words throws(SystemError) in
        // mount FROM TO: a bind mount.
        try FileDescriptor.cloneTree(words.word(0), recursive: false).moveMount(to: words.word(1))
        return .boolean(true)
    },
    "tell": { words throws(SystemError) in
        // tell FILE TEXT: adds a line.
        let text = words.dropFirst().joined(separator: " ")
        try FileDescriptor.open(words.word(0), [.writeOnly, .create, .append], mode: 0o666).write(text + "\n")
        return .boolean(true)
    },
    "await-signal": { words throws(SystemError) in .number(try awaitSignal(tellingIn: words.word(0))) },
    "await-file": { words throws(SystemError) in
        while !fileExists(words.word(0)) { pause(milliseconds: 2) }
        return .boolean(true)
    },
    "sleep": { words throws(SystemError) in
        while true { pause(milliseconds: 60_000) }
    },
    "pause": { words throws(SystemError) in
        pause(milliseconds: Int32(words.number(0)))
        return .boolean(true)
    },
    "leave": { words throws(SystemError) in exitNow(Int32(words.number(0))) },
    "fork": { words throws(SystemError) in try fork(Int(words.number(0))) },
    "hook": { words throws(SystemError) in try reportHook(words.word(0), words.word(1)) },
    "fail-hook": { words throws(SystemError) in
        _ = try reportHook(words.word(0), words.word(1))
        exitNow(7)
    },
    "relink": { words throws(SystemError) in try relink(words.word(0), to: words.word(1)) },
    "catch-runtime": { words throws(SystemError) in try catchRuntime(milliseconds: words.number(0)) },
    "set-hostname": { words throws(SystemError) in
        try setHostname(words.word(0))
        return .boolean(true)
    },
    "set-personality": { words throws(SystemError) in
        try setPersonality(UInt(truncatingIfNeeded: words.number(0)))
        return .boolean(true)
    },
    "set-scheduling": { _ throws(SystemError) in
        try setScheduling(SchedulingAttributes())
        return .boolean(true)
    },
    "signal": { words throws(SystemError) in
        try sendSignal(Int32(words.number(1)), to: Int32(words.number(0)))
        return .boolean(true)
    },
    "run": { words throws(SystemError) in
        var program = Program(path: words.word(0), arguments: words, environment: [])
        program.collectsOutput = true
        let result = try program.run()
        return list([result.status?.text ?? "killed", String(decoding: result.output, as: UTF8.self)])
    },
]

private func makeNode(_ words: [String]) throws(SystemError) -> JSONValue {
    let (path, kind) = (words.word(0), words.word(1))
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let folder = try FileDescriptor.open(slash == path.startIndex ? "/" : String(path[..<slash]), .directory)
    try folder.makeNode(
        String(path[path.index(after: slash)...]), kind == "b" ? .blockDevice : .characterDevice,
        DeviceNumber(major: UInt32(words.number(2)), minor: UInt32(words.number(3))), mode: 0o600)
    return .boolean(true)
}

/// Says in `file` that it waits, and answers the number of the first signal.
private func awaitSignal(tellingIn file: String) throws(SystemError) -> Int32 {
    let queue = try SignalQueue()
    if !file.isEmpty {
        try FileDescriptor.open(file, [.writeOnly, .create, .append], mode: 0o666).write("waiting\n")
    }
    while true {
        _ = try waitForReadiness([(queue.descriptor, .readable)], milliseconds: nil)
        if let first = try queue.take().first { return first }
    }
}

/// Makes up to `count` processes that stay; answers how many there were when the kernel refused another.
private func fork(_ count: Int) throws(SystemError) -> JSONValue {
    var made = 0
    while made < count {
        do throws(SystemError) {
            switch try cloneProcess() {
            case .child: while true { pause(milliseconds: 60_000) }
            case .parent: made += 1
            }
        } catch { break }
    }
    return .number(made)
}

/// As a hook: writes a line of JSON into `file` with everything it was given.
func reportHook(_ file: String, _ name: String) throws(SystemError) -> JSONValue {
    var input: [UInt8] = []
    try withStandardInput { stream throws(SystemError) in input = try stream.readAll() }
    var line = JSONObject()
    line.set("hook", name)
    line.set("state", String(decoding: input, as: UTF8.self))
    line.set("namespaces", try namespaces())
    line.set("environment", list(environmentWords()))
    line.set("arguments", list(CommandLine.arguments))
    line.set("root", list(try listDirectory("/").sorted()))
    line.set("pid", JSONValue.number(processID()))
    let log = try FileDescriptor.open(file, [.writeOnly, .create, .append], mode: 0o666)
    try log.write(line.value.text + "\n")
    return .boolean(true)
}
