import Addressing
import CNISpec
import JSON
import Testing

@testable import bridge

private func configuration(_ members: String) throws -> Configuration {
    let value = try JSONValue(parsing: Array("{\(members)}".utf8), as: .forgiving)
    return try Configuration(JSONReader(value, as: .forgiving))
}

private func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

@Suite struct GatewayPlanTests {
    @Test func withoutAGatewayTheAnswerStaysAsItIs() throws {
        let answer = CNIResult(addresses: [.init(try prefix("10.1.0.5/16"))])
        let plan = GatewayPlan(answer, try configuration(""), interface: 2)
        #expect(plan.bridgeAddresses.isEmpty)
        #expect(plan.result.addresses == [.init(try prefix("10.1.0.5/16"), interface: 2)])
        #expect(plan.result.routes.isEmpty)
    }

    @Test func aGatewayNobodyNamedIsTheFirstOfTheSubnet() throws {
        let answer = CNIResult(addresses: [.init(try prefix("10.1.7.5/16")), .init(try prefix("fd00::9/64"))])
        let plan = GatewayPlan(answer, try configuration(#""isGateway": true"#), interface: 2)
        #expect(plan.bridgeAddresses == [try prefix("10.1.0.1/16"), try prefix("fd00::1/64")])
        #expect(plan.result.addresses.map(\.gateway) == [IPAddress("10.1.0.1"), IPAddress("fd00::1")])
    }

    @Test func twoAddressesOfOneSubnetHaveOneGateway() throws {
        let gateway = IPAddress("10.1.0.254")
        let answer = CNIResult(addresses: [
            .init(try prefix("10.1.0.5/16"), gateway: gateway),
            .init(try prefix("10.1.0.6/16"), gateway: gateway),
        ])
        let plan = GatewayPlan(answer, try configuration(#""isDefaultGateway": true"#), interface: 2)
        #expect(plan.bridgeAddresses == [try prefix("10.1.0.254/16")])
        #expect(plan.result.routes == [.init(try prefix("0.0.0.0/0"), gateway: gateway)])
    }

    @Test func aDefaultRouteOfTheAddressManagerIsEnoughIfItHasAGateway() throws {
        let own = CNIResult.Route(try prefix("0.0.0.0/0"), gateway: IPAddress("10.1.0.9"))
        var answer = CNIResult(addresses: [.init(try prefix("10.1.0.5/16"))], routes: [own])
        let settings = try configuration(#""isDefaultGateway": true"#)
        #expect(GatewayPlan(answer, settings, interface: 2).result.routes == [own])
        answer.routes = [.init(try prefix("0.0.0.0/0"))]
        #expect(GatewayPlan(answer, settings, interface: 2).result.routes.count == 2)
    }

    @Test func anInternalNetworkHasNoWayOut() throws {
        let answer = CNIResult(
            addresses: [.init(try prefix("10.1.0.5/16"))],
            routes: [.init(try prefix("0.0.0.0/0")), .init(try prefix("10.2.0.0/16"))])
        let plan = GatewayPlan(
            answer, try configuration(#""isDefaultGateway": true, "internal": true"#), interface: 2)
        #expect(plan.result.routes.map(\.destination) == [try prefix("10.2.0.0/16")])
    }
}

@Suite struct VLANPlanTests {
    @Test func aTrunkIsRangesAndSingleNumbers() throws {
        let plan = try configuration(#""vlanTrunk": [{"id": 7}, {"minID": 10, "maxID": 20}]"#).vlans
        #expect(plan.trunk == [7...7, 10...20])
        #expect(plan.native == nil && plan.isUsed)
    }

    @Test func zeroIsNoVLAN() throws {
        #expect(try configuration(#""vlan": 0"#).vlans.isUsed == false)
    }

    @Test(arguments: [
        #"{"vlan": 4095}"#, #"{"vlanTrunk": [{"minID": 5}]}"#, #"{"vlanTrunk": [{"maxID": 5}]}"#,
        #"{"vlanTrunk": [{"id": 4095}]}"#, #"{"vlanTrunk": [{"id": 5, "maxID": 6}]}"#,
        #"{"vlanTrunk": [{"minID": 6, "maxID": 5}]}"#,
    ]) func whatIsNoVLANIsRefusedWithItsPlace(_ text: String) {
        #expect {
            let value = try JSONValue(parsing: Array(text.utf8), as: .forgiving)
            _ = try Configuration(JSONReader(value, as: .forgiving))
        } throws: { "\($0)".hasPrefix("vlan") }
    }
}
