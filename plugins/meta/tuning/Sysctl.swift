import CNIPlugin
import CNISpec
import JSON
import Kernel

/// One setting of the kernel's network, and the value it should have. sysctl(8)
struct Sysctl: Hashable, Sendable {
    /// As the configuration writes it, for example `net.ipv4.conf.IFNAME.forwarding`.
    let key: String
    /// Below `/proc/sys/net`; the name of the interface is still to be put in.
    let path: String
    let value: String

    /// Reads an object of values by key.
    static func list(_ reader: JSONReader) throws(JSONError) -> [Sysctl] {
        // The reader shows the last of several equal names; here they are a mistake.
        if case .object(let members) = reader.value {
            var seen: Set<String> = []
            for member in members where !seen.insert(member.name).inserted {
                throw reader.notAllowed("duplicated sysctl keys are not allowed: \"\(member.name)\"")
            }
        }
        var sysctls: [Sysctl] = []
        for (key, value) in try reader.members() {
            guard let path = path(of: key) else {
                throw reader.notAllowed("invalid net sysctl key: \"\(key)\"")
            }
            guard !sysctls.contains(where: { $0.path == path }) else {
                throw reader.notAllowed("duplicated sysctl keys are not allowed: \"\(key)\"")
            }
            sysctls.append(Sysctl(key: key, path: path, value: try value.string()))
        }
        return sysctls
    }

    /// `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` are the same: the first separator counts.
    private static func path(of key: String) -> String? {
        guard let separator = key.first(where: { $0 == "." || $0 == "/" }) else { return nil }
        let other: Character = separator == "." ? "/" : "."
        let path = String(key.map { $0 == separator ? "/" : $0 == other ? "." : $0 })
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0] == "net", !parts.contains(where: { ["", ".", ".."].contains($0) }),
            !path.utf8.contains(0)
        else { return nil }
        return parts.dropFirst().joined(separator: "/")
    }

    /// Whether `found` is the value: the kernel separates numbers by tabs, people by spaces.
    private func isValue(_ found: String) -> Bool {
        found.split(whereSeparator: \.isWhitespace) == value.split(whereSeparator: \.isWhitespace)
    }

    func write(interface: String) throws(CNIError) {
        try Self.write(path, interface: interface, value)
    }

    /// The value now.
    func read(interface: String) throws(CNIError) -> String {
        let place = Self.place(path, interface)
        do throws(SystemError) {
            let file = try Self.open(place, [])
            let bytes = try file.readAll()
            return String(decoding: bytes.last == 10 ? bytes.dropLast() : bytes[...], as: UTF8.self)
        } catch { throw Self.failure("read", place, error) }
    }

    func check(interface: String) throws(CNIError) {
        let found = try read(interface: interface)
        guard isValue(found) else {
            throw CNIError(
                .pluginSpecific, "sysctl \(key) is \"\(found)\" instead of \"\(value)\"",
                details: "/proc/sys/net/\(Self.place(path, interface)) in the container")
        }
    }

    /// Writes a value to the setting at `path`.
    static func write(_ path: String, interface: String, _ value: String) throws(CNIError) {
        let place = place(path, interface)
        do throws(SystemError) {
            try open(place, .writeOnly).write(value)
        } catch { throw failure("set to \"\(value)\"", place, error) }
    }

    private static func place(_ path: String, _ interface: String) -> String {
        path.split(separator: "IFNAME", maxSplits: 1, omittingEmptySubsequences: false)
            .joined(separator: interface)
    }

    private static func open(
        _ place: String, _ options: FileDescriptor.OpenOptions
    ) throws(SystemError) -> FileDescriptor {
        // What the kernel shows here is the network namespace the process is in.
        let root = try FileDescriptor.open("/proc/sys/net", [.directory, .reference])
        return try root.open(below: place, options, resolve: [.beneath, .noSymbolicLinks, .noMountCrossing])
    }

    private static func failure(_ what: String, _ place: String, _ error: SystemError) -> CNIError {
        CNIError(.ioFailure, "sysctl net/\(place) cannot be \(what): \(error.errno.reason)")
    }
}
