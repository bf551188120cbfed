import JSON
import Kernel
package import Suite

/// A host, three recording plugins, an empty configuration directory and a network namespace.
package final class HostBench: Bench {
    let host: Host
    let recorder: Recorder
    let plugins: RecordingPlugins
    /// The plugins' names, in the order of the chain that ``list(_:members:)`` makes.
    static let chain = ["rec-one", "rec-two", "rec-three"]
    static let configuration = "/run/conformance/net.d"
    static let namespace = "/run/netns/blue"

    package init(_ host: Host, _ recorder: Recorder) throws(Stop) {
        self.host = host
        self.recorder = recorder
        plugins = try RecordingPlugins(Self.chain)
        do throws(SystemError) {
            try makeDirectories(Self.configuration, mode: 0o755)
            if !host.front.script.isEmpty {
                try RecordingPlugins.write("/run/conformance/front", host.front.script, mode: 0o755)
            }
        } catch { throw .trouble("cannot prepare the host: \(error)") }
        try recorder.tool("ip", "netns", "add", "blue")
        for (number, type) in Self.chain.enumerated() {
            try plugins.answer(type, "ADD", Self.result(number, "1.0.0"))
        }
    }

    /// What the plugin number `index` of the chain answers to ADD: all before it, and a route of its own.
    static func result(_ index: Int, _ version: String) -> String {
        let family = version.hasPrefix("0.") ? #""version":"4","# : ""
        let routes = (0...index).map { #"{"dst":"10.\#($0).0.0/16"}"# }.joined(separator: ",")
        return #"""
            {"cniVersion":"\#(version)","interfaces":[{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"\#(namespace)"}],"ips":[{\#(family)"interface":0,"address":"10.9.0.2/24","gateway":"10.9.0.1"}],"routes":[\#(routes)],"dns":{}}
            """#
    }

    /// Writes a list with the whole chain. `list`: more members of the list; `plugins`: more members of each plugin.
    func write(
        _ name: String = "net", version: String = "1.0.0", list: String = "", plugins: [String] = [],
        file: String? = nil
    ) throws(Stop) {
        let items = Self.chain.enumerated().map { index, type in
            #"{"type":"\#(type)"\#(index < plugins.count && !plugins[index].isEmpty ? "," + plugins[index] : "")}"#
        }
        try write(
            file: file ?? "10-\(name).conflist",
            #"{"cniVersion":"\#(version)","name":"\#(name)"\#(list.isEmpty ? "" : "," + list),"plugins":[\#(items.joined(separator: ","))]}"#
        )
    }

    /// Writes a file into the configuration directory.
    func write(file: String, _ text: String) throws(Stop) {
        let path = "\(Self.configuration)/\(file)"
        do throws(SystemError) {
            try makeDirectories(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), mode: 0o755)
            try RecordingPlugins.write(path, text)
        } catch { throw .trouble("cannot write \(path): \(error)") }
        var step = Step(command: ["tee", path], environment: nil, input: text)
        step.status = "exit status 0"
        recorder.record(step)
    }

    /// Skips the case where the host cannot be told which network is meant.
    func needNames() throws(Stop) {
        guard host.front == .ctr else { return }
        throw .skip("ctr has no word for a network's name: it takes the first file's")
    }

    /// Calls the host. A host which has no such operation skips the case.
    @discardableResult
    func call(_ verb: String, _ network: String = "net", _ variables: [String: String] = [:]) throws(Stop)
        -> Answer
    {
        var environment = [
            "PATH": environmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin",
            "NETCONFPATH": Self.configuration,
            "CNI_PATH": RecordingPlugins.directory, "CNI_IFNAME": "eth0", "HOME": "/run/conformance",
        ]
        environment.merge(variables) { _, new in new }
        if !host.front.script.isEmpty { environment["HOST"] = host.command.joined(separator: " ") }
        let program = host.front.script.isEmpty ? host.command : ["/run/conformance/front"]
        let step = Step(
            command: program + [verb, network] + (["status", "gc"].contains(verb) ? [] : [Self.namespace]),
            environment: environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        let answer = try recorder.run(step, seconds: 40)
        if answer.status == .exited(64) {
            throw .skip(answer.errors.isEmpty ? "the host has no \(verb)" : answer.errors)
        }
        return answer
    }

    /// Calls the host, which must succeed.
    @discardableResult
    func succeed(_ verb: String, _ network: String = "net", _ variables: [String: String] = [:]) throws(Stop)
        -> Answer
    {
        let answer = try call(verb, network, variables)
        try require(answer.isSuccess, "success of \(verb)", seen: answer.text)
        return answer
    }

    /// Calls the host, which must fail.
    @discardableResult
    func fail(_ verb: String, _ network: String = "net", _ variables: [String: String] = [:]) throws(Stop)
        -> Answer
    {
        let answer = try call(verb, network, variables)
        try require(answer.status != nil && !answer.isSuccess, "a failure of \(verb)", seen: answer.text)
        return answer
    }

    /// The calls that `body` leads to.
    func calls(_ body: () throws(Stop) -> Void) throws(Stop) -> [Recording] {
        let before = try plugins.calls().count
        try body()
        return Array(try plugins.calls().dropFirst(before))
    }

    /// The plugins were called in this order.
    func expect(_ words: [String], _ calls: [Recording]) throws(Stop) {
        try require(
            calls.map(\.word) == words, words.joined(separator: ", "),
            seen: calls.map(\.word).joined(separator: ", "))
    }
}
