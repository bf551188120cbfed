import JSON
import Kernel

/// What the program can see: requests that change nothing.
let sights: [String: Answerer] = [
    "status": { words throws(SystemError) in .string(try processField(words.word(0))) },
    "arguments": { _ throws(SystemError) in list(CommandLine.arguments) },
    "environment": { _ throws(SystemError) in list(environmentWords()) },
    "directory": { _ throws(SystemError) in .string(try currentDirectory()) },
    "effective-user": { _ throws(SystemError) in .number(effectiveUserID()) },
    "pid": { _ throws(SystemError) in .number(processID()) },
    "limit": { words throws(SystemError) in
        let limit = try currentLimit(Int32(words.number(0)))
        return .array([.number(limit.soft), .number(limit.hard)])
    },
    "mounts": { _ throws(SystemError) in
        list(try readText("/proc/self/mountinfo").split(separator: "\n").map(String.init))
    },
    "read": { words throws(SystemError) in .string(try readText(words.word(0))) },
    "list": { words throws(SystemError) in list(try listDirectory(words.word(0)).sorted()) },
    "link": { words throws(SystemError) in .string(try readLink(words.word(0))) },
    "file": { words throws(SystemError) in describe(try fileStatus(words.word(0), following: true)) },
    "entry": { words throws(SystemError) in describe(try fileStatus(words.word(0), following: false)) },
    "namespaces": { _ throws(SystemError) in try namespaces() },
    "descriptors": { _ throws(SystemError) in try descriptors() },
    "terminal": { words throws(SystemError) in try terminal(Int32(words.number(0))) },
    "affinity": { _ throws(SystemError) in .array(try currentAffinity().map { JSONValue.number($0) }) },
    "io-priority": { _ throws(SystemError) in
        let seen = try currentIOPriority()
        return .array([.number(seen.class), .number(seen.level)])
    },
    "scheduling": { _ throws(SystemError) in try scheduling() },
    "capabilities": { _ throws(SystemError) in try capabilities() },
]

/// A field of /proc/self/status, for example `Umask`. proc_pid_status(5)
private func processField(_ name: String) throws(SystemError) -> String {
    for line in try readText("/proc/self/status").split(separator: "\n") where line.hasPrefix(name + ":") {
        return line.dropFirst(name.utf8.count + 1).split { $0 == "\t" || $0 == " " }.joined(separator: " ")
    }
    throw SystemError(call: "status", subject: name, errno: .noEntity)
}

private func describe(_ status: FileStatus) -> JSONValue {
    var object = JSONObject()
    object.set("kind", "\(status.kind)")
    object.set("mode", JSONValue.number(status.permissions))
    object.set("uid", JSONValue.number(status.uid))
    object.set("gid", JSONValue.number(status.gid))
    object.set("major", JSONValue.number(status.deviceNumber.major))
    object.set("minor", JSONValue.number(status.deviceNumber.minor))
    object.set("size", JSONValue.number(status.size))
    object.set("inode", JSONValue.number(status.inode))
    return object.value
}

/// What each kind of namespace this process is in is called by the kernel, for example `mnt:[4026531841]`.
func namespaces() throws(SystemError) -> JSONValue {
    var object = JSONObject()
    for name in try listDirectory("/proc/self/ns").sorted() {
        object.set(name, try readLink("/proc/self/ns/\(name)"))
    }
    return object.value
}

/// The open descriptors and what each is open on.
private func descriptors() throws(SystemError) -> JSONValue {
    var object = JSONObject()
    for name in try listDirectory("/proc/self/fd").sorted() {
        // The one the list itself was read through is closed by now.
        do throws(SystemError) { object.set(name, try readLink("/proc/self/fd/\(name)")) } catch {}
    }
    return object.value
}

private func terminal(_ number: Int32) throws(SystemError) -> JSONValue {
    var object = JSONObject()
    object.set("is", isTerminal(number))
    guard isTerminal(number) else { return object.value }
    let size = try windowSize(number)
    object.set("rows", JSONValue.number(size.rows))
    object.set("columns", JSONValue.number(size.columns))
    object.set("path", try readLink("/proc/self/fd/\(number)"))
    return object.value
}

/// Policy, static priority and nice value, from the fields 41, 40 and 19 of /proc/self/stat. proc_pid_stat(5)
private func scheduling() throws(SystemError) -> JSONValue {
    let text = try readText("/proc/self/stat")
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
    func field(_ number: Int) -> JSONValue {
        let index = fields.startIndex + number - 3
        return .number(index < fields.endIndex ? Int64(fields[index]) ?? -1 : -1)
    }
    var object = JSONObject()
    object.set("policy", field(41))
    object.set("priority", field(40))
    object.set("nice", field(19))
    return object.value
}

/// The names in each of the five sets. capabilities(7)
private func capabilities() throws(SystemError) -> JSONValue {
    let sets = [
        ("effective", "CapEff"), ("permitted", "CapPrm"), ("inheritable", "CapInh"), ("bounding", "CapBnd"),
        ("ambient", "CapAmb"),
    ]
    var object = JSONObject()
    for (name, field) in sets {
        let mask = UInt64(try processField(field), radix: 16) ?? 0
        let names = capabilityNames.enumerated().filter { mask & (1 << UInt64($0.offset)) != 0 }
        object.set(name, list(names.map(\.element)))
    }
    return object.value
}
