import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import JSON
import OverlayControl

/// The addresses somebody wants for the container: from `CNI_ARGS`, above it `args.cni`, above it the capabilities.
struct Wishes {
    private let addresses: [IPAddress]
    private let mac: MACAddress?

    init(_ request: OverlayRequest) throws(CNIError) {
        let argument = try request.arguments(["IP", "MAC", "GATEWAY"])["IP"] ?? ""
        let given = try decoding { () throws(JSONError) -> [RequestedAddress] in
            let ips = try request.runtimeConfig.ips()
            if !ips.isEmpty { return ips }
            var hints: [RequestedAddress] = []
            for element in try request.hints?.optional("ips")?.elements() ?? [] {
                hints.append(try RequestedAddress(element))
            }
            return hints
        }
        addresses = given.isEmpty ? try Self.parse(argument) : given.map(\.address)
        mac = try InterfaceMAC(request, besides: ["IP", "GATEWAY"]).address
        guard Set(addresses.filter { $0.family == .v4 }).count < 2 else {
            throw CNIError(
                .invalidConfiguration, "a container has one IPv4 address on an overlay network",
                details: "ips has \(addresses.map { "\($0)" }.joined(separator: ", "))")
        }
    }

    private static func parse(_ argument: String) throws(CNIError) -> [IPAddress] {
        var addresses: [IPAddress] = []
        for word in argument.split(separator: ",") {
            guard let wish = RequestedAddress(String(word)) else {
                throw CNIError(
                    .invalidEnvironment, "CNI_ARGS: IP is '\(word)', which is not an IP address")
            }
            addresses.append(wish.address)
        }
        return addresses
    }

    /// The IPv4 address, which the others follow from.
    var address: IPAddress? { addresses.first { $0.family == .v4 } }

    /// Refuses what the container cannot have: the MAC and the IPv6 address follow from the IPv4 address.
    func check(_ assignment: OverlayAssignment) throws(CNIError) {
        let own = "the container has \(assignment.address.address), which gives it "
        if let mac, mac != assignment.mac {
            throw CNIError(
                .invalidConfiguration, "the MAC address \(mac) is not possible on an overlay network",
                details: own + "\(assignment.mac)")
        }
        if let other = addresses.first(where: {
            $0.family == .v6 && $0 != assignment.address6?.address
        }) {
            let six = assignment.address6.map { "\($0.address)" } ?? "no IPv6 address on this network"
            throw CNIError(
                .invalidConfiguration, "the address \(other) is not possible on this network",
                details: own + six)
        }
    }
}
