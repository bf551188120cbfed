import Addressing
import JSON
import Testing

@testable import OverlayControl

@Suite struct OverlayValueTests {
    private func reader(_ text: String) throws -> JSONReader {
        JSONReader(try JSONValue(parsing: Array(text.utf8)))
    }

    @Test func aNetworkComesBackAsItWas() throws {
        let network = try network()
        #expect(try OverlayNetwork(try reader(network.json.text)) == network)
        #expect(network.gateway == IPAddress("10.0.1.1"))
        #expect(network.gateway6 == IPAddress("fd00:1::1"))
        #expect(network.gatewayMAC == MACAddress("02:42:0a:00:01:01"))
        #expect(network.bridgeName == "ov-abababab")
    }

    @Test(arguments: [("10.0.0.0/24", 28), ("10.0.0.0/22", 26), ("10.0.0.0/16", 26), ("10.0.0.0/29", 30)])
    func sixteenNodesFindABlock(_ subnet: String, _ length: Int) throws {
        #expect(OverlayNetwork.blockLength(of: try #require(IPPrefix(subnet))) == length)
    }

    @Test(arguments: [
        (#"{"name":"a/b"}"#, "name: 'a/b' is not the name of a network"),
        (
            #"{"name":"a","subnet":"10.0.0.1/24"}"#,
            "subnet: 10.0.0.1/24 has host bits set; the network is 10.0.0.0/24"
        ),
        (#"{"name":"a","subnet":"fd00::/64"}"#, "subnet: 'fd00::/64' is not an IPv4 subnet"),
        (
            #"{"name":"a","subnet":"10.0.0.0/30"}"#,
            "subnet: 10.0.0.0/30 has a prefix of 30 bits; 8 to 29 are possible"
        ),
        (#"{"name":"a","gateway":"10.0.0.1"}"#, "gateway: there is no subnet"),
        (
            #"{"name":"a","subnet":"10.0.0.0/24","gateway":"10.0.0.255"}"#,
            "gateway: 10.0.0.255 is no address of 10.0.0.0/24"
        ),
        (
            #"{"name":"a","subnet":"10.0.0.0/28","blockSize":26}"#,
            "blockSize: a block of /26 is larger than 10.0.0.0/28"
        ),
        (#"{"name":"a","subnet6":"fd00::/112"}"#, "subnet6: fd00::/112 is too small"),
        (
            #"{"name":"a","subnet6":"fd00::/64","mtu":1279}"#,
            "mtu: 1279 is too small for IPv6, which needs 1280 or more"
        ),
        (#"{"name":"a","vni":0}"#, "vni: 0 is out of range (allowed: 1 to 16777215)"),
    ])
    func aWishThatCannotBeIsRefusedByKey(_ text: String, _ problem: String) throws {
        #expect { try NetworkWish(try reader(text)) } throws: { "\($0)".hasPrefix(problem) }
    }

    @Test func aNetworkThatIsAnotherIsSaidByKey() throws {
        var wish = NetworkWish(name: "blue")
        #expect(wish.conflict(with: try network()) == nil)
        wish.subnet = IPPrefix("10.0.2.0/24")
        #expect(wish.conflict(with: try network()) == "the cluster has network blue with subnet 10.0.1.0/24")
    }

    @Test func keysComeBackAsTheyWere() throws {
        let root = StoreRoot("/apus/")
        let address = try #require(IPAddress("10.0.1.7"))
        let keys: [StoreKey] = [
            .node("00000000000000aa"), .networkName("blue"), .vni(4097), .network(networkID),
            .generation(networkID), .block(network: networkID, try #require(IPPrefix("10.0.1.16/28"))),
            .address(network: networkID, address),
            .endpoint(
                network: networkID, node: "00000000000000aa", EndpointID(containerID: "c", interface: "eth0")),
        ]
        for key in keys { #expect(root.key(root.text(key)) == key) }
        #expect(root.text(keys[0]) == "/apus/v1/nodes/00000000000000aa")
    }

    @Test func aRecordComesBackAsItWas() throws {
        var record = OverlayRecord(
            network: NetworkWish(name: "blue"), containerID: "c", interface: "eth0",
            namespace: "/run/netns/c",
            address: IPAddress("10.0.1.7"))
        record.assignment = OverlayAssignment(
            try network(), address: try #require(IPAddress("10.0.1.7")), mtu: 1450,
            vtep: try #require(IPAddress("192.0.2.1")), port: 4789)
        #expect(try OverlayRecord(try reader(record.json.text)) == record)
        #expect(record.assignment?.address6 == IPPrefix("fd00:1::7/64"))
        #expect(record.fileName == "blue:c:eth0.json")
    }

    @Test(arguments: [
        (#"{"endpoint":[]}"#, "endpoint: unknown; known are store, endpoints"),
        (#"{"endpoints":["10.0.0.1:2379"]}"#, "endpoints[0]: '10.0.0.1:2379' is not a URL"),
        (#"{"store":"etcd"}"#, "store: etcd has no endpoints"),
        (#"{"store":"consul"}"#, "store: unknown value 'consul'"),
        (#"{"root":"apus"}"#, "root: 'apus' does not begin with /"),
        (#"{"ttl":1}"#, "ttl: 1 is out of range"),
    ])
    func settingsThatCannotBeAreRefusedByKey(_ text: String, _ problem: String) throws {
        #expect { try OverlaySettings(try reader(text)) } throws: { "\($0)".hasPrefix(problem) }
    }

    @Test func withoutEndpointsTheStoreIsLocal() throws {
        #expect(try OverlaySettings(try reader("{}")).isLocal)
        #expect(try OverlaySettings(try reader(#"{"endpoints":["http://192.0.2.1:2379"]}"#)).isLocal == false)
        #expect(
            try OverlaySettings(try reader(#"{"store":"local","endpoints":["http://192.0.2.1:2379"]}"#))
                .isLocal)
    }
}

@Suite struct AddressChoiceTests {
    private let own = "00000000000000aa"

    private func view(_ blocks: [String: String]) throws -> NetworkView {
        let root = StoreRoot("/apus")
        var view = NetworkView(try network(), node: own, root: root)
        for (prefix, node) in blocks {
            let key = root.text(.block(network: networkID, try #require(IPPrefix(prefix))))
            _ = view.apply([
                .put(
                    StoreEntry(
                        key: key, value: Array(BlockClaim(node: node).json.text.utf8), createRevision: 1,
                        modRevision: 1, isLeased: false))
            ])
        }
        return view
    }

    @Test func addressesGoRoundAndRound() throws {
        let view = try view(["10.0.1.0/28": own])
        var taken: Set<IPAddress> = []
        var last: IPAddress?
        // 14 addresses of a block without the network's and the gateway's.
        for number in 2...15 {
            let next = try #require(AddressChoice(view, taken: taken).next(after: last))
            #expect(next == IPAddress("10.0.1.\(number)"))
            taken.insert(next)
            last = next
        }
        #expect(AddressChoice(view, taken: taken).next(after: last) == nil)
        taken.remove(try #require(IPAddress("10.0.1.5")))
        #expect(AddressChoice(view, taken: taken).next(after: last) == IPAddress("10.0.1.5"))
    }

    @Test func aBlockIsLookedForWhereNobodyHasOne() throws {
        let other = "00000000000000bb"
        #expect(try AddressChoice(view([:]), taken: []).freeBlock == IPPrefix("10.0.1.0/28"))
        #expect(
            try AddressChoice(view(["10.0.1.0/28": other]), taken: []).freeBlock == IPPrefix("10.0.1.16/28"))
        let all = Dictionary(uniqueKeysWithValues: (0..<16).map { ("10.0.1.\($0 * 16)/28", other) })
        #expect(try AddressChoice(view(all), taken: []).freeBlock == nil)
        #expect(try AddressChoice(view(all), taken: []).next(after: nil) == nil)
    }
}
