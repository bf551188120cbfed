import Addressing
import JSON
import OverlayControl

/// What an etcd answers and what somebody has put there. The first byte says which.
func testOverlay(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let rest = Array(input.dropFirst())
    switch first % 3 {
    case 0: testFrames(rest)
    case 1: testAnswer(rest)
    default: testStored(rest)
    }
}

/// However a stream is cut into pieces, the same objects come out.
private func testFrames(_ bytes: [UInt8]) {
    var whole = WatchFrames(limit: 4096)
    var cut = WatchFrames(limit: 4096)
    let together = try? whole.append(bytes)
    let apart = bytes.reduce(into: [[UInt8]]?.some([])) { found, byte in
        guard let more = try? cut.append([byte]) else { return found = nil }
        found? += more
    }
    if let together, let apart { require(together == apart, "objects depend on where the stream is cut") }
}

private func testAnswer(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes) else { return }
    let reader = JSONReader(value)
    _ = try? EtcdAnswer.commit(reader)
    _ = try? EtcdAnswer.page(reader)
    _ = try? EtcdAnswer.keepAlive(reader)
    _ = try? EtcdWatchMessage(reader)
    _ = EtcdRefusal(reader)
    _ = try? OverlaySettings(reader)
    if let record = try? OverlayRecord(reader) {
        require((try? OverlayRecord(JSONReader(record.json))) == record, "a record is read differently")
    }
    if let network = try? OverlayNetwork(reader) {
        require((try? OverlayNetwork(JSONReader(network.json))) == network, "a network is read differently")
    }
}

/// Keys and values, each between newlines: whatever they are, nobody gets an address that is not his node's, or a MAC address
/// that does not belong to it.
private func testStored(_ bytes: [UInt8]) {
    guard var view = example else { return }
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
    for start in stride(from: 0, to: lines.count - 1, by: 2) {
        let key = "/apus/v1/" + String(decoding: lines[start], as: UTF8.self)
        let value = Array(lines[start + 1])
        let change: StoreChange =
            value.isEmpty
            ? .deleted(key: key)
            : .put(StoreEntry(key: key, value: value, createRevision: 1, modRevision: 1, isLeased: false))
        _ = view.apply([change])
    }
    for (address, peer) in view.peers {
        require(view.owner(of: address) == peer.node, "\(address) is not \(peer.node)'s")
        require(peer.mac == MACAddress(address), "\(address) has the MAC address \(peer.mac)")
        require(view.network.isAssignable(address), "\(address) is no container's")
        require(peer.node != view.node, "\(address) is this node's own")
    }
}

/// A network with a block of another node's.
private let example: NetworkView? = {
    let id = String(repeating: "ab", count: 32)
    let text = #"{"id":"\#(id)","name":"blue","subnet":"10.0.1.0/24","gateway":"10.0.1.1","vni":4097}"#
    guard let value = try? JSONValue(parsing: Array(text.utf8)),
        let network = try? OverlayNetwork(JSONReader(value)), let vtep = IPAddress("192.0.2.2")
    else { return nil }
    var view = NetworkView(network, node: "00000000000000aa", root: StoreRoot("/apus"))
    let other = "00000000000000bb"
    _ = view.setNodes([other: OverlayNode(id: other, name: "b", vtep: vtep, port: 4789)])
    return view
}()
