internal import Addressing

/// Which endpoint of a container has the default route, and with it the published ports.
struct GatewayElection {
    /// An endpoint as far as it matters here.
    struct Candidate: Hashable {
        var interface: String
        var networkName: String
        var priority: Int64
        var isInternal: Bool
        var gateways: [IPAddress]
    }

    private let order: [Candidate]

    /// Sorts by priority, then those with a way out, then those with more families, then by the network's name.
    init(_ candidates: [Candidate]) {
        order = candidates.sorted { left, right in
            if left.priority != right.priority { return left.priority > right.priority }
            if left.isInternal != right.isInternal { return right.isInternal }
            if left.families != right.families { return left.families > right.families }
            return left.networkName < right.networkName
        }
    }

    /// The endpoint with the default route of a family; `nil` when none has a gateway.
    func elected(_ family: IPAddress.Family) -> Candidate? {
        order.first { !$0.isInternal && $0.gateway(family) != nil }
    }

    /// The first of those elected, and their gateways; `nil` when there is no way out.
    var way: SandboxRecord.Way? {
        let found = IPAddress.Family.allCases.compactMap { family in
            elected(family).map { (candidate: $0, family: family) }
        }
        guard let first = found.first?.candidate else { return nil }
        return SandboxRecord.Way(
            interface: first.interface, gateways: found.compactMap { $0.candidate.gateway($0.family) })
    }
}

extension GatewayElection.Candidate {
    fileprivate var families: Int { Set(gateways.map(\.family)).count }

    func gateway(_ family: IPAddress.Family) -> IPAddress? { gateways.first { $0.family == family } }
}
