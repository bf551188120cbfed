import CNISpec
import ContainerLink
import Testing

@Suite struct LinkOwnerTests {
    private let long = String(repeating: "x", count: 300)

    @Test func anAliasSaysWhoseTheLinkIs() {
        let owner = LinkOwner(network: "front", Attachment(containerID: "c1", interface: "eth0"))
        #expect(owner.alias == "cni front c1 eth0")
        #expect(LinkOwner.mark(of: "front").map { owner.alias.hasPrefix($0) } == true)
    }

    @Test func longNamesFitAndStayApart() {
        let one = LinkOwner(network: "front", Attachment(containerID: long + "1", interface: "eth0"))
        let other = LinkOwner(network: "front", Attachment(containerID: long + "2", interface: "eth0"))
        #expect(one.alias.utf8.count <= 255 && one != other)
        #expect(LinkOwner.mark(of: "front").map { one.alias.hasPrefix($0) } == true)
    }

    @Test func aNetworkTooLongToTellHasNoMark() { #expect(LinkOwner.mark(of: long) == nil) }
}
