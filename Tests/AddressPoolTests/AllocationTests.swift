import AddressPool
import Addressing
import Foundation
import Testing

@Suite struct AllocationTests {
    @Test func filesAreAsTheReferenceWritesThem() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24"), try set("fd00::/64")]
        #expect(try scratch.allocate("c1", sets) == ["10.1.0.2", "fd00::2"])
        #expect(
            try scratch.files() == [
                "10.1.0.2": "c1\r\neth0", "fd00::2": "c1\r\neth0", "last_reserved_ip.0": "10.1.0.2",
                "last_reserved_ip.1": "fd00::2",
            ])
        #expect(try scratch.release("c1") == ["10.1.0.2", "fd00::2"])
        #expect(
            try scratch.files() == ["last_reserved_ip.0": "10.1.0.2", "last_reserved_ip.1": "fd00::2"])
    }

    @Test func sequentialGoesOnAndLowestGoesBack() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/29")]
        #expect(try ["a", "b", "c"].map { try scratch.allocate($0, sets)[0] }.last == "10.1.0.4")
        try scratch.release("a")
        #expect(try scratch.allocate("d", sets, order: .lowest) == ["10.1.0.2"])
        try scratch.release("b")
        #expect(try scratch.allocate("e", sets) == ["10.1.0.3"])
        #expect(try scratch.allocate("f", sets) == ["10.1.0.5"])
        try scratch.release("d")
        #expect(try scratch.allocate("g", sets) == ["10.1.0.6"])
        #expect(try scratch.allocate("h", sets) == ["10.1.0.2"])
    }

    /// Nobody is held up by what is no file, and nobody gets its address.
    @Test func whatIsNoFileIsPassedOver() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.place.path + "/10.1.0.4", withIntermediateDirectories: true)
        #expect(mkfifo(scratch.place.path + "/10.1.0.2", 0o600) == 0)
        #expect(symlink("/nowhere", scratch.place.path + "/10.1.0.3") == 0)
        #expect(mkfifo(scratch.place.path + "/last_reserved_ip.1", 0o600) == 0)
        let sets = [try set("10.1.0.0/24"), try set("10.2.0.0/24")]
        #expect(try scratch.allocate("a", [sets[0]]) == ["10.1.0.5"])
        #expect(try scratch.release("a") == ["10.1.0.5"])
        #expect(throws: PoolError.self) { _ = try scratch.allocate("b", sets) }
        // Found by the fuzzer: opening it waited for a writer.
        #expect(mkfifo(scratch.place.path + "/subnets", 0o600) == 0)
        #expect(try SubnetMemory(scratch.place).remembered().isEmpty)
    }

    @Test func aFullSetIsAnErrorWhichNamesIt() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24"), try set("10.2.0.0/30")]
        _ = try scratch.allocate("a", sets)
        let before = try scratch.files().filter { !$0.key.hasPrefix("last") }
        let error = PoolError.exhausted(number: 1, set: "10.2.0.1-10.2.0.2")
        #expect(throws: error) { _ = try scratch.allocate("b", sets) }
        #expect(
            error.description
                == "failed to allocate for range 1: no IP addresses available in range set: 10.2.0.1-10.2.0.2"
        )
        #expect(try scratch.files().filter { !$0.key.hasPrefix("last") } == before)
        #expect(throws: error) {
            var store = try AddressStore.open(scratch.place)
            try store.checkForFreeAddresses(sets)
        }
    }

    @Test func theSecondRangeFollowsTheFirst() throws {
        let scratch = try Scratch()
        let both = try RangeSet([
            AddressRange(subnet: try prefix("10.1.0.0/30")), AddressRange(subnet: try prefix("10.2.0.0/29")),
        ])
        let got = try (0..<6).map { try scratch.allocate("c\($0)", [both])[0] }
        #expect(got == ["10.1.0.2", "10.2.0.2", "10.2.0.3", "10.2.0.4", "10.2.0.5", "10.2.0.6"])
        try scratch.release("c0")
        #expect(try scratch.allocate("again", [both]) == ["10.1.0.2"])
    }

    @Test func excludedAddressesAreNeverGivenOut() throws {
        let scratch = try Scratch()
        let range = try AddressRange(
            subnet: try prefix("10.1.0.0/28"), gateway: try address("10.1.0.14"),
            excluding: [
                try address("10.1.0.4")...(try address("10.1.0.6")),
                try address("10.1.0.6")...(try address("10.1.0.8")),
                try address("10.1.0.1")...(try address("10.1.0.1")),
                try address("fd00::1")...(try address("fd00::2")),
            ])
        let sets = [try RangeSet([range])]
        let got = try (0..<7).map { try scratch.allocate("c\($0)", sets)[0] }
        #expect(got == [2, 3, 9, 10, 11, 12, 13].map { "10.1.0.\($0)" })
        #expect(throws: PoolError.exhausted(number: 0, set: "10.1.0.1-10.1.0.14")) {
            _ = try scratch.allocate("more", sets)
        }
        #expect(throws: PoolError.reserved(try address("10.1.0.5"), reason: "excluded", number: 0)) {
            _ = try scratch.allocate("more", sets, [try address("10.1.0.5")])
        }
    }

    @Test func requestedAddressesAreGivenOrNothingIs() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24"), try set("fd00::/64")]
        let wanted = [try address("fd00::77"), try address("10.1.0.9")]
        #expect(try scratch.allocate("a", sets, wanted) == ["10.1.0.9", "fd00::77"])
        let taken = PoolError.taken(wanted[1], number: 0, set: "10.1.0.1-10.1.0.254")
        #expect(throws: taken) { _ = try scratch.allocate("b", sets, wanted) }
        let gateway = try address("fd00::1")
        #expect(throws: PoolError.reserved(gateway, reason: "subnet's gateway", number: 1)) {
            _ = try scratch.allocate("b", sets, [gateway])
        }
        let strange = [try address("10.9.0.1"), try address("10.1.0.20"), try address("10.1.0.21")]
        #expect(throws: PoolError.unanswered([strange[0], strange[2]])) {
            _ = try scratch.allocate("b", sets, strange)
        }
        #expect(try scratch.files().values.filter { $0.hasPrefix("b") }.isEmpty)
    }

    @Test func oneInterfaceGetsOneAddressOfASet() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24")]
        _ = try scratch.allocate("a", sets)
        let present = PoolError.duplicate(try address("10.1.0.2"), owner: "a", number: 0)
        #expect(throws: present) { _ = try scratch.allocate("a", sets) }
        let other = AllocationRequest(owner: Owner(containerID: "a", interface: "eth1"), sets: sets)
        #expect(try scratch.allocate(other).map(\.address) == [try prefix("10.1.0.3/24")])
        #expect(try scratch.release("a") == ["10.1.0.2"])
        #expect(try scratch.release("a") == [])
    }

    @Test func filesOfOldVersionsBelongToTheWholeContainer() throws {
        let scratch = try Scratch()
        try scratch.put("10.1.0.7", "old\n")
        #expect(throws: PoolError.duplicate(try address("10.1.0.7"), owner: "old", number: 0)) {
            _ = try scratch.allocate("old", [try set("10.1.0.0/24")])
        }
        #expect(try scratch.release("old") == ["10.1.0.7"])
    }

    @Test func garbageIsWhatNobodyNames() throws {
        let scratch = try Scratch()
        let sets = [try set("10.1.0.0/24")]
        for name in ["a", "b", "c"] { _ = try scratch.allocate(name, sets) }
        try scratch.put("10.1.0.100", "b")
        try scratch.put("10.1.0.101", "d")
        try scratch.put("notes.txt", "mine")
        func collect(_ valid: Set<Owner>) throws -> [String] {
            var store = try AddressStore.open(scratch.place)
            return try store.collectGarbage(keeping: valid).map(\.description).sorted()
        }
        let first = try collect([owner("b"), Owner(containerID: "c", interface: "eth9")])
        #expect(first == ["10.1.0.101", "10.1.0.2", "10.1.0.4"])
        let second = try collect([])
        #expect(second == ["10.1.0.100", "10.1.0.3"])
        #expect(try scratch.files() == ["last_reserved_ip.0": "10.1.0.4", "notes.txt": "mine"])
    }

    @Test func noDirectoryMeansNobodyHasAnything() throws {
        let scratch = try Scratch()
        #expect(try AddressStore.openIfPresent(scratch.place) == nil)
        #expect(!FileManager.default.fileExists(atPath: scratch.place.path))
    }
}

private func == (store: consuming AddressStore?, _: ()?) -> Bool {
    if store.take() != nil { return false }
    return true
}
