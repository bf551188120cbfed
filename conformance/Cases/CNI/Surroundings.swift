import JSON
import Kernel
import Suite

/// The machine around the plugin: namespaces and links, made with iproute2.
extension PluginBench {
    /// Runs a command of the machine that must succeed.
    @discardableResult
    func tool(_ command: [String]) throws(Stop) -> String {
        let answer = try recorder.run(Step(command: command))
        guard answer.isSuccess else { throw .trouble("\(command.joined(separator: " ")): \(answer.text)") }
        return answer.output
    }

    @discardableResult
    func tool(_ command: String...) throws(Stop) -> String { try tool(command) }

    /// `ip` in the namespace of `attachment`.
    @discardableResult
    func ip(in attachment: Attachment, _ words: String...) throws(Stop) -> String {
        try tool(["ip", "-n", attachment.namespace] + words)
    }

    /// Makes the namespace of `attachment`, and what came before a plugin that makes no interface itself.
    func makeContainer(_ attachment: Attachment) throws(Stop) {
        if numbers[attachment.namespace] == nil { numbers[attachment.namespace] = Int64(numbers.count) }
        try tool("ip", "netns", "add", attachment.namespace)
        // Once up, lo keeps its addresses: it has been up before anything is compared.
        if plugin.interface == "lo" {
            try ip(in: attachment, "link", "set", "lo", "up")
            try ip(in: attachment, "link", "set", "lo", "down")
        }
        guard plugin.kind == .chained || plugin.kind == .joined else { return }
        let host = hostInterface(attachment)
        try tool(
            "ip", "link", "add", host, "type", "veth", "peer", "name", attachment.interface, "netns",
            attachment.namespace)
        try tool("ip", "link", "set", host, "up")
        try tool("ip", "address", "add", "10.77.0.1/24", "dev", host)
        try ip(in: attachment, "link", "set", attachment.interface, "address", macAddress, "up")
        try ip(in: attachment, "address", "add", address(attachment), "dev", attachment.interface)
        try ip(in: attachment, "route", "add", "default", "via", "10.77.0.1")
    }

    /// Takes the namespace away, as a host does before a late DEL.
    func removeNamespace(_ attachment: Attachment) throws(Stop) {
        try tool("ip", "netns", "delete", attachment.namespace)
    }

    /// Takes the namespace away, and waits until the kernel has taken the link that led to it.
    func endContainer(_ attachment: Attachment) throws(Stop) {
        try removeNamespace(attachment)
        for _ in 0..<100 {
            if try !hostLinks().contains(hostInterface(attachment)) { return }
            wait(milliseconds: 20)
        }
    }

    /// The result of the plugin that would stand before a chained one, in `version`.
    func previousResult(_ attachment: Attachment, _ version: String) -> JSONValue {
        let sandbox = attachment.path
        if ["0.1.0", "0.2.0"].contains(version) {
            return .literal(
                #"{"cniVersion":"\#(version)","ip4":{"ip":"\#(address(attachment))","gateway":"10.77.0.1"},"dns":{}}"#
            )
        }
        let family = version.hasPrefix("0.") ? #""version":"4","# : ""
        return .literal(
            #"""
            {"cniVersion":"\#(version)","interfaces":[{"name":"\#(hostInterface(attachment))"},
             {"name":"\#(attachment.interface)","mac":"\#(macAddress)","sandbox":"\#(sandbox)"}],
             "ips":[{\#(family)"interface":1,"address":"\#(address(attachment))","gateway":"10.77.0.1"}],
             "routes":[{"dst":"0.0.0.0/0","gw":"10.77.0.1"}],"dns":{}}
            """#)
    }

    /// The address of what ``makeOutside()`` makes.
    static var outside: String { "192.0.2.2" }

    /// Makes a place beside the host which reaches the host's own address on the way, and nothing behind it.
    func makeOutside() throws(Stop) {
        try tool("ip", "netns", "add", "outside")
        try tool("ip", "link", "add", "out0", "type", "veth", "peer", "name", "in0", "netns", "outside")
        try tool("ip", "address", "add", "192.0.2.1/24", "dev", "out0")
        try tool("ip", "link", "set", "out0", "up")
        try tool("ip", "-n", "outside", "address", "add", "\(Self.outside)/24", "dev", "in0")
        try tool("ip", "-n", "outside", "link", "set", "in0", "up")
    }

    private var macAddress: String { "02:00:00:00:77:02" }

    private func hostInterface(_ attachment: Attachment) -> String { "h-\(attachment.namespace)" }

    /// An address of its own for each container.
    private func address(_ attachment: Attachment) -> String {
        "10.77.0.\((numbers[attachment.namespace] ?? 0) + 20)/24"
    }
}

/// Lets some time pass.
func wait(milliseconds: Int32) { pause(milliseconds: milliseconds) }
