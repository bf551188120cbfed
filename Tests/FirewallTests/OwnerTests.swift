import Testing

@testable import Firewall

@Suite struct OwnerTests {
    private func owner(_ network: String, _ container: String) -> Owner {
        Owner(network: network, containerID: container, interface: "eth0", plugin: "bridge")
    }

    @Test func anOwnerIsReadBackFromItsComment() {
        let owner = owner("net", "ctr")
        #expect(owner.text == "net ctr eth0 bridge" && Owner(owner.text) == owner)
        #expect(Owner("somebody else's comment") == nil && Owner("") == nil)
    }

    @Test func longNamesAreCutButStayApart() {
        let long = String(repeating: "a", count: 300)
        let first = owner(long, long + "1")
        let second = owner(long, long + "2")
        #expect(first != second && first.network == second.network)
        #expect(first.text.utf8.count <= 128 && Owner(first.text) == first)
        // 64 characters, what engines use, are kept.
        let id = String(repeating: "f", count: 64)
        #expect(owner("n", id).containerID == id)
    }
}
