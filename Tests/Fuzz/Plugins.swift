import AddressPool
import Addressing
import CNIPlugin
import CNISpec
import ContainerLink
import JSON
import Kernel

@testable import bridge
@testable import container
@testable import firewall
@testable import ipam
@testable import portmap
@testable import tuning

/// A plugin with the configuration of `P` whose ADD does what `P`'s does before it asks the kernel.
struct Probe<P: Probed>: Plugin {
    static var name: String { P.name }
    static var help: String { P.help }
    static var supportedVersions: [CNIVersion] { P.supportedVersions }
    static func decode(_ reader: JSONReader) throws(JSONError) -> P.Configuration { try P.decode(reader) }
    static func add(_ request: Request<P.Configuration>) throws(CNIError) -> CNIResult {
        try P.probe(request)
    }
    static func delete(_ request: Request<P.Configuration>) throws(CNIError) {}
    static func check(_ request: Request<P.Configuration>) throws(CNIError) { _ = try P.probe(request) }
    static func collectGarbage(_ request: Request<P.Configuration>) throws(CNIError) {}
    static func status(_ request: Request<P.Configuration>) throws(CNIError) { _ = try P.probe(request) }
}

/// A plugin which can be asked what it makes of a call without doing it.
protocol Probed: Plugin {
    static func probe(_ request: Request<Configuration>) throws(CNIError) -> CNIResult
}

/// One call of each plugin.
let calls: [@Sendable ([UInt8], Environment) -> Void] = [
    { call(Probe<Bridge>.self, $0, $1) }, { call(Probe<AddressManager>.self, $0, $1) },
    { call(Probe<Tuning>.self, $0, $1) }, { call(Probe<Firewalling>.self, $0, $1) },
    { call(Probe<Container>.self, $0, $1) }, { call(Probe<Portmap>.self, $0, $1) },
]

extension Bridge: Probed {
    static func probe(_ request: Request<bridge.Configuration>) throws(CNIError) -> CNIResult {
        _ = try InterfaceMAC(request).address
        _ = try request.ipamDelegate()
        let answer = request.previousResult ?? CNIResult()
        let plan = GatewayPlan(answer, request.configuration, interface: 2)
        _ = BridgeFirewall(request).entries(plan.result)
        _ = LinkOwner(network: request.network, request.attachment).alias
        return plan.result
    }
}

extension AddressManager: Probed {
    static func probe(_ request: Request<ipam.Configuration>) throws(CNIError) -> CNIResult {
        _ = try Wishes(request)
        // Of pools only what is written down counts: nothing is chosen, nobody is asked.
        for set in try ipam.Plan(request).sets(.remember) {
            require(set.ranges.allSatisfy { $0.first <= $0.last }, "\(set) ends before it begins")
        }
        return request.previousResult ?? CNIResult()
    }
}

extension Tuning: Probed {
    static func probe(_ request: Request<Settings>) throws(CNIError) -> CNIResult {
        _ = try request.settings()
        return request.previousResult ?? CNIResult()
    }
}

extension Portmap: Probed {
    static func probe(_ request: Request<Keys>) throws(CNIError) -> CNIResult {
        let result = try request.requiredPreviousResult()
        try request.configuration.check()
        let mappings = try decoding { () throws(JSONError) in try request.runtimeConfig.portMappings() }
        let targets = result.addresses(of: request.interface).prefix(1).map {
            portmap.Plan.Target(address: $0.address.address, interface: nil)
        }
        _ = try portmap.Plan(mappings, to: targets, request.configuration).publications
        return result
    }
}

extension Firewalling: Probed {
    static func probe(_ request: Request<Policy>) throws(CNIError) -> CNIResult {
        try request.requiredPreviousResult()
    }
}

extension Container: Probed {
    static func probe(_ request: Request<container.Owner>) throws(CNIError) -> CNIResult {
        request.previousResult ?? CNIResult()
    }
}
