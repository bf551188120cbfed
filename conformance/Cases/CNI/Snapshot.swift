import JSON
import Kernel
import Suite

/// What a plugin may change, as lines: links, addresses, routes and rules of each namespace, files and processes.
struct Snapshot: Hashable, Sendable {
    let lines: Set<String>

    /// One line for each thing that came or went, with `+` or `-`.
    func changes(to later: Snapshot) -> [String] {
        lines.subtracting(later.lines).sorted().map { "- \($0)" }
            + later.lines.subtracting(lines).sorted().map { "+ \($0)" }
    }
}

extension PluginBench {
    /// What is there now. `namespaces`: the containers to look into; `nil` is all.
    func snapshot(_ namespaces: [String]? = nil) throws(Stop) -> Snapshot {
        var lines = files() + processLines()
        var names = namespaces ?? []
        if namespaces == nil {
            do throws(SystemError) { names = try listDirectory("/run/netns") } catch { names = [] }
        }
        lines += try network("").map { "host: \($0)" }
        for name in names { lines += try network(name).map { "\(name): \($0)" } }
        return Snapshot(lines: Set(lines))
    }

    /// Links, addresses, routes and rules of one namespace; the host's has an empty name.
    func network(_ name: String) throws(Stop) -> [String] {
        let prefix = name.isEmpty ? ["ip"] : ["ip", "-n", name]
        let (routes, rules) = ("route show table all\n", "rule show\n")
        let first = try lookAll(prefix + ["-j", "-d", "-batch", "-"], "address show\n" + routes + rules)
        let second = try lookAll(prefix + ["-j", "-6", "-batch", "-"], routes + rules)
        var lines = (first.first ?? []).flatMap(linkLines)
        for answer in [first.dropFirst(), second[...]] where answer.count == 2 {
            lines += (answer.first ?? []).compactMap(routeLine)
            lines += (answer.last ?? []).map { "rule \($0.text)" }
        }
        return lines + (try self.rules(name))
    }

    /// The output of a command that only looks, as JSON.
    func look(_ command: [String]) throws(Stop) -> [JSONValue] {
        try lookAll(command, "").first ?? []
    }

    /// The same for a command that answers each line of `input` with one line.
    private func lookAll(_ command: [String], _ input: String) throws(Stop) -> [[JSONValue]] {
        let answer = try Recorder.runUnrecorded(Step(command: command, input: input))
        // A namespace that is just being removed.
        guard answer.isSuccess else { return [] }
        var found: [[JSONValue]] = []
        for line in answer.output.split(separator: "\n") {
            do throws(JSONError) { found.append(try JSONValue(parsing: Array(line.utf8)).elements) } catch {
                return []
            }
        }
        return found
    }

    // Without what takes a moment or follows from something else: carrier, indexes, fe80 addresses.
    private func linkLines(_ link: JSONValue) -> [String] {
        let name = link.member("ifname")?.string ?? "?"
        let kind = link.member("linkinfo")?.member("info_kind")?.string ?? ""
        let isUp = link.member("flags")?.elements.contains(.string("UP")) ?? false
        let master = link.member("master")?.string ?? ""
        let alias = link.member("ifalias")?.string ?? ""
        // A bridge takes the lowest address of its ports.
        let mac = kind == "bridge" ? "" : link.member("address")?.string ?? ""
        let mtu = link.member("mtu")?.integer ?? 0
        let qdisc = link.member("qdisc")?.string ?? ""
        var lines = [
            "link \(name) \(kind) \(isUp ? "up" : "down") \(mac) mtu \(mtu) \(qdisc) \(master) \(alias)"
        ]
        for item in link.member("addr_info")?.elements ?? [] {
            let local = item.member("local")?.string ?? ""
            if !local.hasPrefix("fe80:") {
                lines.append("address \(local)/\(item.member("prefixlen")?.integer ?? 0) \(name)")
            }
        }
        return lines
    }

    private func routeLine(_ route: JSONValue) -> String? {
        let target = route.member("dst")?.string ?? ""
        let isLocal = ["local", "broadcast", "anycast", "multicast"].contains(
            route.member("type")?.string ?? "")
        if isLocal || target.hasPrefix("fe80:") || target.hasPrefix("ff00:") { return nil }
        let (gateway, device) = (route.member("gateway")?.string ?? "", route.member("dev")?.string ?? "")
        return "route \(target) via \(gateway) dev \(device) table \(route.member("table")?.text ?? "main")"
    }

    /// The rules of nftables, those iptables-nft made among them, and of the old tables where there are any.
    private func rules(_ name: String) throws(Stop) -> [String] {
        let prefix = name.isEmpty ? [] : ["nsenter", "--net=/run/netns/\(name)"]
        var lines: [String] = []
        if findProgram("nft") != nil {
            lines += try textLines(prefix + ["nft", "-s", "list", "ruleset"])
        }
        if findProgram("iptables-legacy-save") != nil, fileExists("/proc/net/ip_tables_names") {
            lines += try textLines(prefix + ["iptables-legacy-save"]).filter { $0.hasPrefix("-") }
        }
        return lines.map { "rule \($0)" }
    }

    // Numbered, because equal lines in different chains are different rules.
    private func textLines(_ command: [String]) throws(Stop) -> [String] {
        var seen: [String: Int] = [:]
        var chain = ""
        return try Recorder.runUnrecorded(Step(command: command)).output.split(separator: "\n").compactMap {
            let line = trimmed($0)
            if line.hasPrefix("table ") || line.hasPrefix("chain ") || line.hasPrefix("map ")
                || line.hasPrefix("set ")
            {
                chain = line
            }
            if line.isEmpty || line == "}" { return nil }
            seen["\(chain) \(line)", default: 0] += 1
            return "\(chain) \(line) \(seen["\(chain) \(line)"] ?? 0)"
        }
    }

    private func files() -> [String] {
        ["/run", "/tmp", "/var/tmp", "/var/lib", "/dev/shm"].flatMap { filesBelow($0) }.filter { path in
            !path.hasPrefix("/run/conformance") && path != "/run/xtables.lock"
                && !path.hasPrefix(plugin.directory)
        }.map { "file \($0)" }
    }

    private func filesBelow(_ path: String) -> [String] {
        // A file may go while the directory is read: then it is not there.
        do throws(SystemError) {
            var found: [String] = []
            for entry in try FileDescriptor.open(path, [.directory, .noFollow]).entries() {
                let child = "\(path)/\(entry.name)"
                found.append(child)
                if entry.isDirectory, !plugin.directory.hasPrefix(child) { found += filesBelow(child) }
            }
            return found
        } catch { return [] }
    }

    /// Waits until a delegate whose plugin was killed has come to its end, two seconds at most.
    ///
    /// A host cannot know of it; its DEL comes later than this suite's would. What was there `before`, a daemon for all containers,
    /// is nobody's orphan.
    func waitForOrphans(beside before: Snapshot) {
        for _ in 0..<100 where !before.lines.isSuperset(of: processLines()) { wait(milliseconds: 20) }
    }

    // Numbered, so that a second process of a name is one more.
    private func processLines() -> [String] {
        processes().sorted().enumerated().map { "\($1) number \($0 + 1)" }
    }

    /// Processes beside this one. The pid namespace is the case's own.
    private func processes() -> [String] {
        do throws(SystemError) {
            var found: [String] = []
            for name in try listDirectory("/proc")
            where name.utf8.allSatisfy({ 48...57 ~= $0 }) && name != "1" {
                // One that has ended and waits to be reaped does nothing any more.
                let status = try readText("/proc/\(name)/stat")
                if status.contains(") Z ") || status.contains("(strace)") { continue }
                found.append("process \(status.prefix { $0 != ")" }.drop { $0 != "(" }))")
            }
            return found
        } catch { return [] }
    }
}

/// `text` without white space at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" }
    return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}
