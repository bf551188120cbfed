import Addressing
import Glibc

@testable import AddressPool
@testable import Kernel

/// The pool among files which somebody else wrote: an index which is none, and a directory with anything in it.
func testPool(_ input: [UInt8]) {
    guard let first = input.first else { return }
    do {
        if first & 1 == 0 { try testIndex(Array(input.dropFirst())) } else { try testDirectory(input) }
    } catch let error as SystemError {
        // The kernel may refuse what a broken file asks for, but it must be something one can ask for.
        require(![Errno(rawValue: 14), .noMemory].contains { $0 == error.errno }, "\(error)")
    } catch {}
}

/// An index with some words overwritten, of nine bytes each: where, and what.
private func testIndex(_ patches: [UInt8]) throws {
    let identity = IndexHeader.Identity(boot: 1, device: 2, inode: 3)
    let file = try FileDescriptor.inMemory("index")
    let status = try file.status()
    let copy = try file.duplicate()
    var made = try AddressIndex.make(
        copy, identity, (0..<8).map { .init(hash: 100 + UInt64($0), number: UInt128($0) + base) })
    _ = try made.bitmap(first: base, last: base + 300)
    try made.seal(status)
    for start in stride(from: 0, to: patches.count - 8, by: 9) {
        let word = Int(patches[start])
        let offset = word < 64 ? word * 8 : 4096 + (word - 64) * 8
        try file.write(Array(patches[(start + 1)..<(start + 9)]), at: Int64(offset))
    }
    guard var index = try AddressIndex.load(file, identity, agreeingWith: status) else { return }
    _ = try index.addresses(of: 100)
    let bitmap = try index.bitmap(first: base, last: base + 300)
    let free = try index.firstClear(bitmap, from: 0, through: 300)
    require((0...300).contains(free ?? 0), "a free address beyond the range")
    for number in 0..<4 {
        try index.insert(.init(hash: 200 + UInt64(number), number: base + 20 + UInt128(number)))
        try index.remove(.init(hash: 100 + UInt64(number), number: base + UInt128(number)))
    }
    _ = try index.bitmap(first: base + 1000, last: base + 2000)
    _ = try index.entries()
    try index.seal(status)
}

private let base: UInt128 = 0xffff_0a01_0000

/// A directory described by the input; afterwards no address may have two owners.
private func testDirectory(_ input: [UInt8]) throws {
    var place = AddressStore.Place(dataDirectory: scratch, network: "net")
    place.runDirectory = scratch + "/run"
    place.boot = BootID("11111111-2222-3333-4444-555555555555")
    try removeTree(scratch)
    try makeDirectories(place.path, mode: 0o755)
    defer { try? removeTree(scratch) }
    for part in input.dropFirst().split(separator: 0, omittingEmptySubsequences: false).prefix(12) {
        populate(place.path, part)
    }
    guard let subnet = IPPrefix("10.1.0.0/28") else { return }
    let sets = [try RangeSet([AddressRange(subnet: subnet)])]
    var given: Set<IPAddress> = []
    for number in 0..<4 {
        let owner = Owner(containerID: "c\(number)", interface: "eth0")
        var store = try AddressStore.open(place)
        guard let made = try? store.allocate(AllocationRequest(owner: owner, sets: sets)) else { continue }
        require(given.insert(made[0].address.address).inserted, "\(made[0].address) was given twice")
        require((try? store.addresses(of: owner))?.count == 1, "the owner has not what it got")
    }
    var store = try AddressStore.open(place)
    _ = try store.release(Owner(containerID: "c0", interface: "eth0"))
    _ = try store.collectGarbage(keeping: [])
    try store.checkForFreeAddresses(sets)
    _ = try? SubnetMemory(place).remembered()
}

/// Makes what `part` says: its first byte the kind, the second the name, the rest the content.
private func populate(_ directory: String, _ part: ArraySlice<UInt8>) {
    guard part.count >= 2, let kind = part.first else { return }
    let names = ["last_reserved_ip.0", ".new", "lock", "subnets", "10.1.0.300", "fd00::1", "::ffff:10.1.0.3"]
    let number = Int(part[part.startIndex + 1])
    let name = number < names.count ? names[number] : "10.1.0.\(number & 15)"
    let path = "\(directory)/\(name)"
    switch kind & 7 {
    case 0: mkdir(path, 0o700)
    case 1: symlink("/nowhere", path)
    case 2: mkfifo(path, 0o600)
    case 3: symlink("10.1.0.2", path)
    default:
        // The name may be a pipe by now, which nobody reads.
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o600)
        guard file >= 0 else { return }
        _ = part.dropFirst(2).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }
}

/// In memory: a directory of this process' own, below the one its caller removes.
private let scratch = "\(environmentVariable("APUS_FUZZ_SCRATCH") ?? "/dev/shm")/apus-fuzz-\(getpid())"

private func removeTree(_ path: String) throws {
    guard let directory = try? FileDescriptor.open(path, [.directory, .noFollow]) else { return }
    for entry in try directory.entries() {
        if entry.isDirectory {
            try removeTree("\(path)/\(entry.name)")
        } else {
            unlink("\(path)/\(entry.name)")
        }
    }
    rmdir(path)
}
