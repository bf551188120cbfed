import JSON
import Suite

/// An interface as a result names it.
struct ReportedInterface: Hashable {
    let name: String
    let mac: String
    /// Empty for one on the host.
    let sandbox: String
}

/// What is in a result, and what is really there.
extension PluginBench {
    /// The interfaces of `result`, which has 0.3.0 or a later version.
    func interfaces(of result: JSONValue) -> [ReportedInterface] {
        (result.member("interfaces")?.elements ?? []).map { item in
            ReportedInterface(
                name: item.member("name")?.string ?? "", mac: item.member("mac")?.string ?? "",
                sandbox: item.member("sandbox")?.string ?? "")
        }
    }

    /// The addresses of `result` with their prefix lengths, whatever its version.
    func addresses(of result: JSONValue) -> [String] {
        let old = ["ip4", "ip6"].compactMap { result.member($0)?.member("ip")?.string }
        return old + (result.member("ips")?.elements ?? []).compactMap { $0.member("address")?.string }
    }

    /// The destinations of the routes of `result`.
    func routes(of result: JSONValue) -> [String] {
        (result.member("routes")?.elements ?? []).compactMap { $0.member("dst")?.string }
    }

    /// The names of the links in the container.
    func links(in attachment: Attachment) throws(Stop) -> [String] {
        try look(["ip", "-n", attachment.namespace, "-j", "link", "show"]).compactMap {
            $0.member("ifname")?.string
        }
    }

    /// The names of the links of the host.
    func hostLinks() throws(Stop) -> [String] {
        try look(["ip", "-j", "link", "show"]).compactMap { $0.member("ifname")?.string }
    }

    /// The addresses with prefix lengths on the link of `attachment` in the container; not the kernel's own.
    func realAddresses(_ attachment: Attachment) throws(Stop) -> [String] {
        let links = try look([
            "ip", "-n", attachment.namespace, "-j", "address", "show", "dev", attachment.interface,
        ])
        return links.flatMap { $0.member("addr_info")?.elements ?? [] }.compactMap { item in
            guard let local = item.member("local")?.string, !local.hasPrefix("fe80:") else { return nil }
            return "\(local)/\(item.member("prefixlen")?.integer ?? 0)"
        }
    }

    /// The hardware address of the link of `attachment`; empty when it is not there.
    func realMAC(_ attachment: Attachment) throws(Stop) -> String {
        try look(["ip", "-n", attachment.namespace, "-j", "link", "show", "dev", attachment.interface])
            .first?.member("address")?.string ?? ""
    }
}
