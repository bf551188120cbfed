import AddressPool
import Addressing
import Foundation
import Testing

/// A data directory of its own, removed with the value.
final class Scratch {
    let path: String
    var place: AddressStore.Place

    init(boot: String = "11111111-2222-3333-4444-555555555555") throws {
        path = NSTemporaryDirectory() + "pool-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        place = AddressStore.Place(dataDirectory: path + "/networks", network: "net")
        place.runDirectory = path + "/run"
        place.boot = BootID(boot)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Names and contents of the network's files; not `lock`.
    func files() throws -> [String: String] {
        var found: [String: String] = [:]
        guard FileManager.default.fileExists(atPath: place.path) else { return [:] }
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where name != "lock" {
            found[name] = try String(contentsOfFile: "\(place.path)/\(name)", encoding: .utf8)
        }
        return found
    }

    /// Does what the reference plugin does: writes a file of the directory, without a word to the index.
    func put(_ name: String, _ content: String) throws {
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        try content.write(toFile: "\(place.path)/\(name)", atomically: false, encoding: .utf8)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
    }

    /// Forgets the index, if there is one.
    func removeIndex() throws {
        guard FileManager.default.fileExists(atPath: place.runDirectory) else { return }
        try FileManager.default.removeItem(atPath: place.runDirectory)
    }

    func allocate(_ request: AllocationRequest) throws -> [Allocation] {
        var store = try AddressStore.open(place)
        return try store.allocate(request)
    }

    /// One address out of `set` for the interface `eth0` of `container`.
    func allocate(
        _ container: String, _ sets: [RangeSet], _ requested: [IPAddress] = [],
        order: RangeSet.Order = .sequential
    ) throws -> [String] {
        var request = AllocationRequest(owner: owner(container), sets: sets)
        request.requested = requested
        request.order = order
        return try allocate(request).map { $0.address.address.description }
    }

    @discardableResult func release(_ container: String) throws -> [String] {
        var store = try AddressStore.open(place)
        return try store.release(owner(container)).map(\.description).sorted()
    }
}

func owner(_ container: String) -> Owner { Owner(containerID: container, interface: "eth0") }

func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

/// A range set of one range.
func set(_ subnet: String, _ first: String? = nil, _ last: String? = nil) throws -> RangeSet {
    try RangeSet([
        AddressRange(
            subnet: try prefix(subnet), first: try first.map(address), last: try last.map(address))
    ])
}
