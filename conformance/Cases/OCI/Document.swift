import JSON
import Suite

/// A `config.json` that is being written.
struct Document {
    private(set) var value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    /// What is at `path`, written like `process.user.uid`.
    func at(_ path: String) -> JSONValue? {
        var found: JSONValue? = value
        for name in path.split(separator: ".") { found = found?.member(String(name)) }
        return found
    }

    /// Sets what is at `path` to the value `json` says, and makes the objects above it; the empty text removes it.
    mutating func set(_ path: String, _ json: String) {
        set(path, value: json.isEmpty ? nil : JSONValue.literal(json))
    }

    /// Sets what is at `path`, and makes the objects above it; `nil` removes it.
    mutating func set(_ path: String, value new: JSONValue?) {
        value = Self.replaced(value, path.split(separator: ".").map(String.init)[...], new)
    }

    /// Adds an element to the array at `path`.
    mutating func append(_ path: String, _ json: String) {
        set(path, value: .array((at(path)?.elements ?? []) + [JSONValue.literal(json)]))
    }

    private static func replaced(_ old: JSONValue?, _ path: ArraySlice<String>, _ new: JSONValue?)
        -> JSONValue
    {
        guard let name = path.first else { return new ?? .null }
        var members = old?.members ?? []
        let index = members.firstIndex { $0.name == name }
        if path.count == 1, new == nil {
            if let index { members.remove(at: index) }
            return .object(members)
        }
        let member = JSONValue.Member(
            name, replaced(index.map { members[$0].value }, path.dropFirst(), new))
        if let index { members[index] = member } else { members.append(member) }
        return .object(members)
    }
}

extension Document {
    /// A container with what every image expects, and no more: a process, /proc, /dev, and namespaces of its own.
    static func minimal(cgroup: String) -> Document {
        Document(
            .literal(
                """
                {"ociVersion": "1.0.2",
                 "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/probe"], "env": ["PATH=/bin"],
                             "capabilities": {"bounding": \(capabilities), "effective": \(capabilities),
                                              "permitted": \(capabilities)}},
                 "root": {"path": "rootfs"},
                 "mounts": [
                    {"destination": "/proc", "type": "proc", "source": "proc"},
                    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
                     "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
                    {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
                     "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]}],
                 "linux": {"cgroupsPath": "\(cgroup)",
                           "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}]}}
                """))
    }

    private static var capabilities: String {
        #"["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_MKNOD", "CAP_SETGID", "CAP_SETUID"]"#
    }
}
