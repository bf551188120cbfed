import AddressPool
import Addressing
import Foundation
import Kernel
import Testing

@Suite struct RangeTests {
    @Test(arguments: [
        ("10.1.0.0/16", "10.1.0.1", "10.1.255.254"), ("10.1.2.0/30", "10.1.2.1", "10.1.2.2"),
        ("fd00::/126", "fd00::1", "fd00::3"), ("fd00::/64", "fd00::1", "fd00::ffff:ffff:ffff:ffff"),
    ])
    func whatIsNotGivenIsFilledIn(_ subnet: String, _ first: String, _ last: String) throws {
        let range = try AddressRange(subnet: try prefix(subnet))
        #expect("\(range)" == "\(first)-\(last)")
        #expect("\(range.gateway)" == first)
    }

    @Test(arguments: [
        ("10.1.2.0/31", nil, nil, nil, "Network 10.1.2.0/31 too small to allocate from"),
        ("fd00::/127", nil, nil, nil, "Network fd00::/127 too small to allocate from"),
        (
            "10.1.2.3/24", nil, nil, nil,
            "Network has host bits set. For a subnet mask of length 24 the network address is 10.1.2.0"
        ),
        ("10.1.2.0/24", "10.1.3.1", nil, "169.254.1.1", "10.1.3.1 not in network 10.1.2.0/24"),
        ("10.1.2.0/24", nil, "fd00::1", nil, "fd00::1 not in network 10.1.2.0/24"),
        (
            "10.1.2.0/24", "10.1.2.9", "10.1.2.8", nil,
            "10.1.2.8 is in network 10.1.2.0/24 but before start 10.1.2.9"
        ),
    ])
    func aBadRangeSaysWhatIsWrong(
        _ subnet: String, _ first: String?, _ last: String?, _ gateway: String?, _ message: String
    ) throws {
        #expect(throws: PoolError.configuration(message)) {
            _ = try AddressRange(
                subnet: try prefix(subnet), first: try first.map(address), last: try last.map(address),
                gateway: try gateway.map(address))
        }
    }

    @Test func aSetIsOfOneFamilyAndWithoutOverlaps() throws {
        let low = try AddressRange(subnet: try prefix("10.1.0.0/24"), last: try address("10.1.0.9"))
        let high = try AddressRange(subnet: try prefix("10.1.0.0/24"), first: try address("10.1.0.10"))
        let other = try AddressRange(subnet: try prefix("fd00::/64"))
        #expect(throws: PoolError.configuration("empty range set")) { _ = try RangeSet([]) }
        #expect(throws: PoolError.configuration("mixed address families")) { _ = try RangeSet([low, other]) }
        #expect(throws: PoolError.configuration("subnets \(high) and \(high) overlap")) {
            _ = try RangeSet([low, high, high])
        }
        #expect("\(try RangeSet([low, high]))" == "10.1.0.1-10.1.0.9,10.1.0.10-10.1.0.254")
    }
}

@Suite struct SubnetPoolTests {
    @Test(arguments: [
        ("172.16.0.0/12", 16, [], "172.16.0.0/16"),
        ("172.16.0.0/12", 16, ["172.16.0.0/16", "172.17.4.0/24"], "172.18.0.0/16"),
        ("172.16.0.0/12", 16, ["172.16.0.0/13"], "172.24.0.0/16"),
        ("172.16.0.0/12", 16, ["172.0.0.0/8"], nil),
        ("10.0.0.0/8", 24, ["10.0.0.1/32", "10.0.2.0/24"], "10.0.1.0/24"),
        ("192.168.0.0/16", 20, ["192.168.0.0/17", "192.168.128.0/18", "192.168.192.0/18"], nil),
        ("255.255.255.0/24", 25, ["255.255.255.0/25"], "255.255.255.128/25"),
        ("255.255.255.0/24", 25, ["255.255.255.0/25", "255.255.255.192/26"], nil),
        ("fd00::/8", 64, ["fd00::/16", "10.0.0.0/8"], "fd01::/64"),
        ("10.0.0.0/24", 24, ["10.0.1.0/24"], "10.0.0.0/24"),
    ])
    func theFirstSubnetWithoutOverlapIsFree(
        _ base: String, _ size: Int, _ taken: [String], _ free: String?
    ) throws {
        let pool = try SubnetPool(base: try prefix(base), size: size)
        #expect(pool.firstFree(avoiding: try taken.map(prefix)) == (try free.map(prefix)))
    }

    @Test(arguments: [("10.0.0.0/24", 23), ("10.0.0.0/24", 31), ("10.0.0.1/24", 25), ("fd00::/64", 127)])
    func aPoolMustHoldItsSubnets(_ base: String, _ size: Int) throws {
        #expect(throws: PoolError.self) { _ = try SubnetPool(base: try prefix(base), size: size) }
    }

    @Test func defaultRoutesInPiecesAreNoObstacles() throws {
        let routes = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "10.0.0.0/8", "fc00::/7"]
        let kept = SubnetPool.obstacles(among: try routes.map(prefix))
        #expect(kept == [try prefix("10.0.0.0/8"), try prefix("fc00::/7")])
    }

    @Test func aNetworkKeepsItsSubnetAndAvoidsOthers() throws {
        let scratch = try Scratch()
        let pools = [
            try SubnetPool(base: try prefix("172.16.0.0/12"), size: 16),
            try SubnetPool(base: try prefix("fd00::/48"), size: 64),
        ]
        var second = scratch.place
        second.network = "second"
        let routes = [try prefix("172.16.0.0/16")]
        let first = try SubnetMemory(scratch.place).subnets([pools[0]]) { routes }
        #expect(first == [try prefix("172.17.0.0/16")])
        // Its own route, which is there by now, does not matter: it is not asked for.
        let again = try SubnetMemory(scratch.place).subnets([pools[0]]) { () throws(PoolError) in
            throw PoolError.configuration("asked")
        }
        #expect(again == first)
        // A family more: the old subnet stays.
        let both = try SubnetMemory(scratch.place).subnets(pools) { routes }
        #expect(both == first + [try prefix("fd00::/64")])
        // Another network avoids it, and single addresses of networks without pools.
        try scratch.put("172.18.3.4", "c\r\neth0")
        let preview = try SubnetMemory(second).preview(pools) { routes }
        let others = try SubnetMemory(second).subnets(pools) { routes }
        #expect(others == [try prefix("172.19.0.0/16"), try prefix("fd00:0:0:1::/64")])
        #expect(preview == others)
    }

    /// A file that could not be opened was taken for none: the network got another subnet beside its containers, for good.
    @Test func whatCannotBeReadIsNotForgotten() throws {
        let scratch = try Scratch()
        let pool = try SubnetPool(base: try prefix("172.16.0.0/12"), size: 16)
        #expect(try SubnetMemory(scratch.place).subnets([pool]) { [] } == [try prefix("172.16.0.0/16")])
        // As root may read everything, it is a symbolic link to itself.
        let (file, kept) = (scratch.place.path + "/subnets", scratch.place.path + "/kept")
        try FileManager.default.moveItem(atPath: file, toPath: kept)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: file)
        let error = PoolError.system(SystemError(call: "open", subject: file, errno: .symbolicLink))
        var other = scratch.place
        other.network = "other"
        for place in [scratch.place, other] {
            #expect(throws: error) { _ = try SubnetMemory(place).subnets([pool]) { [] } }
            #expect(throws: error) { _ = try SubnetMemory(place).preview([pool]) { [] } }
        }
        #expect(throws: error) { _ = try SubnetMemory(scratch.place).remembered() }
        #expect(rename(kept, file) == 0)
        #expect(try SubnetMemory(scratch.place).subnets([pool]) { [] } == [try prefix("172.16.0.0/16")])
        #expect(try SubnetMemory(other).subnets([pool]) { [] } == [try prefix("172.17.0.0/16")])
    }

    @Test func poolsWithoutRoomAreAnError() throws {
        let scratch = try Scratch()
        let pool = try SubnetPool(base: try prefix("10.0.0.0/24"), size: 24)
        let route = try prefix("10.0.0.0/8")
        #expect(throws: PoolError.noSubnet(family: .v4)) {
            _ = try SubnetMemory(scratch.place).subnets([pool]) { [route] }
        }
        #expect(try scratch.files().isEmpty)
    }
}
