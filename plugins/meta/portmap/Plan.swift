import Addressing
import CNISpec
import Firewall

/// What the mappings of one attachment are in the firewall. A value, made without a kernel.
struct Plan: Hashable, Sendable {
    /// The elements, each once.
    private(set) var entries: [Entry] = []
    /// Mappings no address of the container can serve.
    private(set) var unserved: [PortMapping] = []

    /// An address of the container, and the link of the host which leads to it.
    struct Target: Hashable, Sendable {
        let address: IPAddress
        /// nil when the host has no link to it.
        let interface: String?
    }

    /// `targets`: at most one of each family.
    init(_ mappings: [PortMapping], to targets: [Target], _ keys: Keys) throws(CNIError) {
        for target in targets {
            let own = mappings.filter { $0.isServed(by: target.address.family) }
            guard !own.isEmpty else { continue }
            let publications = own.flatMap { $0.publications(to: target.address) }
            try Plan.refuseContradictions(publications)
            entries += publications.map { .publication($0) }
            entries += try keys.condition(target.address.family).entries(publications)
            if keys.masquerades { entries += Plan.masquerading(target, all: keys.masqueradesAll) }
        }
        entries = entries.uniqued()
        let families = Set(targets.map(\.address.family))
        unserved = mappings.filter { mapping in !families.contains { mapping.isServed(by: $0) } }
    }

    /// The ports of the host, as they will be published.
    var publications: [Publication] {
        entries.compactMap { entry in
            if case .publication(let publication) = entry { return publication }
            return nil
        }
    }

    /// Links which must let packets of `127.0.0.1` through: those a container's port is published on it by.
    static func loopbackLinks(_ mappings: [PortMapping], to targets: [Target], _ keys: Keys) -> [String] {
        guard keys.masquerades else { return [] }
        return targets.compactMap { target in
            guard target.address.family == .v4,
                mappings.contains(where: { $0.isServed(by: .v4) && ($0.hostAddress?.isLoopback ?? true) })
            else { return nil }
            return target.interface
        }
    }

    private static func masquerading(_ target: Target, all: Bool) -> [Entry] {
        var entries = [Entry.itself(target.address)]
        if let interface = target.interface { entries.append(.hairpin(target.address, interface: interface)) }
        if all { entries.append(.masqueradeClients(target.address)) }
        return entries
    }

    /// A port of the host leads to one port of the container.
    private static func refuseContradictions(_ publications: [Publication]) throws(CNIError) {
        var first: [String: UInt16] = [:]
        for publication in publications {
            let other = first.updateValue(publication.port, forKey: publication.hostText)
            guard let other, other != publication.port else { continue }
            throw CNIError(
                .invalidConfiguration,
                "portMappings: \(publication.hostText) cannot lead to the ports \(other) and \(publication.port)"
            )
        }
    }
}

extension PortMapping {
    /// Whether an address of this family can be led to: `hostIP` names no other family.
    fileprivate func isServed(by family: IPAddress.Family) -> Bool {
        hostIP.map { $0.family == family } ?? true
    }

    /// The only address of the host it is on; nil for all.
    fileprivate var hostAddress: IPAddress? { hostIP.flatMap { $0.isUnspecified ? nil : $0 } }

    fileprivate func publications(to address: IPAddress) -> [Publication] {
        (0..<count).map { offset in
            Publication(
                transport.number, hostAddress: hostAddress, hostPort: hostPort + offset, to: address,
                port: containerPort + offset)
        }
    }
}

extension PortMapping.Transport {
    /// C: `IPPROTO_*`.
    var number: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}

extension Condition {
    /// Who is excluded from `publications`, all of one family.
    fileprivate func entries(_ publications: [Publication]) -> [Entry] {
        let family = clients.family
        // What a port on all addresses excludes covers the same port on one of them.
        let everywhere = Set(publications.filter { $0.hostAddress == nil }.map(\.portText))
        return publications.flatMap { publication -> [Entry] in
            var places = AddressRanges.all(family)
            if let address = publication.hostAddress {
                if everywhere.contains(publication.portText) { return [] }
                places = AddressRanges(family, [address...address])
            }
            return exclusions(within: places).map { exclusion in
                .exception(
                    Exception(
                        publication.transport, hostPort: publication.hostPort, clients: exclusion.clients,
                        hostAddresses: exclusion.hostAddresses))
            }
        }
    }
}

extension Publication {
    fileprivate var portText: String { "\(hostPort)/\(transport)" }
}
