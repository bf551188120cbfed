import Addressing
import JSON
import Testing

@testable import OverlayControl

@Suite struct NetworkViewTests {
    private let own = "00000000000000aa"
    private let other = "00000000000000bb"
    private let third = "00000000000000cc"
    private let root = StoreRoot("/apus")

    private func view() throws -> NetworkView {
        var view = NetworkView(try network(), node: own, root: root)
        _ = view.setNodes([
            own: try node(own, "192.0.2.1"), other: try node(other, "192.0.2.2"),
            third: try node(third, "192.0.2.3"),
        ])
        _ = view.apply([try block("10.0.1.0/28", own), try block("10.0.1.16/28", other)])
        return view
    }

    private func node(_ id: String, _ vtep: String) throws -> OverlayNode {
        OverlayNode(id: id, name: id, vtep: try #require(IPAddress(vtep)), port: 4789)
    }

    private func block(_ prefix: String, _ node: String) throws -> StoreChange {
        put(.block(network: networkID, try #require(IPPrefix(prefix))), BlockClaim(node: node).json.text)
    }

    private func endpoint(_ address: String, _ node: String, _ name: String = "c1", mac: String? = nil) throws
        -> StoreChange
    {
        let ip = try #require(IPAddress(address))
        let text = #"{"ip":"\#(address)","mac":"\#(mac ?? "\(MACAddress(ip))")","names":["\#(name)"]}"#
        return put(key(node, name), text)
    }

    private func key(_ node: String, _ name: String) -> StoreKey {
        .endpoint(network: networkID, node: node, EndpointID(containerID: name, interface: "eth0"))
    }

    private func put(_ key: StoreKey, _ text: String) -> StoreChange { put(root.text(key), text) }

    private func put(_ key: String, _ text: String) -> StoreChange {
        .put(
            StoreEntry(key: key, value: Array(text.utf8), createRevision: 1, modRevision: 1, isLeased: false))
    }

    @Test func aContainerOfAnotherNodeIsAPeer() throws {
        var view = try view()
        let outcome = view.apply([try endpoint("10.0.1.17", other, "web")])
        #expect(outcome.complaints.isEmpty)
        let peer = try #require(outcome.changes.first?.new)
        #expect(peer.vtep == IPAddress("192.0.2.2"))
        #expect(peer.mac == MACAddress("02:42:0a:00:01:11"))
        #expect(peer.names == ["web"])
        #expect(peer.addresses.map(\.description) == ["10.0.1.17", "fd00:1::11"])
        let gone = view.apply([.deleted(key: root.text(key(other, "web")))])
        #expect(gone.changes == [PeerChange(address: peer.address, old: peer, new: nil)])
    }

    @Test func ownContainersAreNoPeers() throws {
        var view = try view()
        #expect(view.apply([try endpoint("10.0.1.2", own)]).changes.isEmpty)
        #expect(view.listing.count == 1)
    }

    @Test func anotherNodesAddressIsNotBelieved() throws {
        var view = try view()
        _ = view.apply([try endpoint("10.0.1.17", other, "web")])
        let outcome = view.apply([try endpoint("10.0.1.17", third, "thief")])
        #expect(outcome.changes.isEmpty)
        #expect(outcome.complaints.count == 1)
        #expect(view.peers[try #require(IPAddress("10.0.1.17"))]?.node == other)
        // Nor that of this node, nor one nobody has.
        #expect(view.apply([try endpoint("10.0.1.3", third, "a")]).changes.isEmpty)
        #expect(view.apply([try endpoint("10.0.1.99", third, "b")]).changes.isEmpty)
    }

    @Test func anAddressCountsOnceItsBlockIsClaimedAndNoLongerThanThat() throws {
        var view = try view()
        #expect(view.apply([try endpoint("10.0.1.33", third)]).changes.isEmpty)
        #expect(view.apply([try block("10.0.1.32/28", third)]).changes.count == 1)
        let block = try #require(IPPrefix("10.0.1.32/28"))
        let gone = view.apply([.deleted(key: root.text(.block(network: networkID, block)))])
        #expect(gone.changes.map(\.new) == [nil])
    }

    @Test func aClaimGoesBeforeTheBlock() throws {
        var view = try view()
        let address = try #require(IPAddress("10.0.1.40"))
        let claim = AddressClaim(
            node: third, endpoint: EndpointID(containerID: "c1", interface: "eth0"))
        _ = view.apply([put(.address(network: networkID, address), claim.json.text)])
        #expect(view.apply([try endpoint("10.0.1.40", third)]).changes.count == 1)
        #expect(view.owner(of: address) == third)
    }

    @Test func whatADeadNodeHadGoesAndComesBackWithIt() throws {
        var view = try view()
        _ = view.apply([try endpoint("10.0.1.17", other)])
        let alive = [own: try node(own, "192.0.2.1")]
        #expect(view.setNodes(alive).changes.map(\.new) == [nil])
        var back = alive
        back[other] = try node(other, "192.0.2.9")
        #expect(view.setNodes(back).changes.compactMap(\.new).map(\.vtep) == [IPAddress("192.0.2.9")])
    }

    @Test func aNewListingTellsOnlyTheDifference() throws {
        var view = try view()
        _ = view.apply([try endpoint("10.0.1.17", other, "web"), try endpoint("10.0.1.18", other, "db")])
        let entries = try [
            block("10.0.1.0/28", own), block("10.0.1.16/28", other), endpoint("10.0.1.17", other, "web"),
            endpoint("10.0.1.19", other, "new"),
        ].compactMap { change -> StoreEntry? in
            if case .put(let entry) = change { entry } else { nil }
        }
        let changes = view.replace(entries).changes
        #expect(changes.map(\.address.description) == ["10.0.1.18", "10.0.1.19"])
        #expect(changes.map { $0.new?.names } == [nil, ["new"]])
    }

    @Test(arguments: [
        "", "{", "null", "[]", "7", #"{"ip":7}"#, #"{"ip":"10.0.1.17"}"#, #"{"ip":"10.0.1.17","mac":"x"}"#,
        // The gateway's MAC address, a group's, and one that belongs to another address.
        #"{"ip":"10.0.1.17","mac":"02:42:0a:00:01:01"}"#, #"{"ip":"10.0.1.17","mac":"01:00:5e:00:00:01"}"#,
        #"{"ip":"10.0.1.17","mac":"02:42:0a:00:01:12"}"#,
        // The gateway, the network, the broadcast address, another network, another family.
        #"{"ip":"10.0.1.1","mac":"02:42:0a:00:01:01"}"#, #"{"ip":"10.0.1.0","mac":"02:42:0a:00:01:00"}"#,
        #"{"ip":"10.0.1.255","mac":"02:42:0a:00:01:ff"}"#, #"{"ip":"10.9.9.9","mac":"02:42:0a:09:09:09"}"#,
        #"{"ip":"fd00::1","mac":"02:42:00:00:00:01"}"#,
    ])
    func hostileEndpointsAreIgnoredWithAWord(_ text: String) throws {
        var view = try view()
        let outcome = view.apply([put(key(other, "web"), text)])
        #expect(outcome.changes.isEmpty)
        #expect(outcome.complaints.count == 1)
    }

    @Test(arguments: [
        "/apus/v1/", "/apus/v1/eps/x", "/apus/v1/eps/\(networkID)/zz/c:eth0", "/other/v1/nodes/x",
        "/apus/v1/eps/\(networkID)/00000000000000bb/c", "/apus/v1/blocks/\(networkID)/10.0.1.0",
        "/apus/v2/nodes/00000000000000bb", "/apus/v1/ips/\(networkID)/10.0.1.300",
        "/apus/v1//00000000000000bb",
    ])
    func foreignKeysAreIgnoredWithAWord(_ key: String) throws {
        var view = try view()
        #expect(view.apply([put(key, "{}")]).complaints.count == 1)
        #expect(view.apply([.deleted(key: key)]).changes.isEmpty)
    }

    @Test func aValueThatBecomesNonsenseTakesThePeerAway() throws {
        var view = try view()
        _ = view.apply([try endpoint("10.0.1.17", other, "web")])
        let outcome = view.apply([put(key(other, "web"), "garbage")])
        #expect(outcome.changes.map(\.new) == [nil])
    }

    @Test func ofTwoEndpointsOfANodeWithOneAddressAllNodesTakeTheSame() throws {
        var (one, two) = (try view(), try view())
        let (a, b) = (try endpoint("10.0.1.17", other, "a"), try endpoint("10.0.1.17", other, "b"))
        _ = one.apply([a, b])
        _ = two.apply([b, a])
        #expect(one.peers == two.peers)
        #expect(one.peers.count == 1)
    }

    /// A container that came and went within one batch stayed in the kernel's tables.
    @Test func whatHappenedToAnAddressIsOneChange() throws {
        var view = try view()
        let come = view.apply([try endpoint("10.0.1.17", other, "a")]).changes
        let renamed = view.apply([try endpoint("10.0.1.17", other, "b")]).changes
        let gone = view.apply([
            .deleted(key: root.text(key(other, "a"))), .deleted(key: root.text(key(other, "b"))),
        ]).changes
        #expect(PeerChange.merged(come) == come)
        #expect(PeerChange.merged(come + gone).isEmpty)
        #expect(PeerChange.merged(come + renamed + gone).isEmpty)
        let back = view.apply([try endpoint("10.0.1.17", other, "c")]).changes
        let merged = PeerChange.merged(gone + back)
        #expect(merged.map(\.old?.names) == [come.first?.new?.names])
        #expect(merged.map(\.new?.names) == [["c"]])
    }

    @Test func whateverTheOrderOfEventsIsTheEndIsThatOfAListing() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var changes: [StoreChange] = []
            for number in 0..<60 {
                let node = [own, other, third].randomElement(using: &generator) ?? own
                let name = "c\(number % 12)"
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: changes.append(.deleted(key: root.text(key(node, name))))
                case 1: changes.append(try block("10.0.1.\(16 * Int.random(in: 0..<4))/28", node))
                default: changes.append(try endpoint("10.0.1.\(Int.random(in: 2..<60))", node, name))
                }
            }
            var followed = try view()
            var tables: [IPAddress: OverlayPeer] = [:]
            var state: [String: StoreEntry] = [:]
            for change in try [block("10.0.1.0/28", own), block("10.0.1.16/28", other)] + changes {
                for one in followed.apply([change]).changes { tables[one.address] = one.new }
                switch change {
                case .put(let entry): state[entry.key] = entry
                case .deleted(let key): state[key] = nil
                }
            }
            var listed = try view()
            _ = listed.replace(Array(state.values))
            #expect(tables == followed.peers)
            #expect(listed.peers == followed.peers)
        }
    }
}

let networkID = String(repeating: "ab", count: 32)

func network() throws -> OverlayNetwork {
    var wish = NetworkWish(name: "blue")
    wish.subnet6 = IPPrefix("fd00:1::/64")
    return OverlayNetwork(
        id: networkID, name: "blue", wish: wish, subnet: try #require(IPPrefix("10.0.1.0/24")), vni: 4097,
        created: "")
}
