internal import Addressing
internal import Kernel

/// The addresses of one network which somebody has: a directory with one file per address, locked while this
/// value lives. The format is host-local's, and host-local may work in the same directory.
///
///     DATA/NETWORK/lock                 taken with flock(2) by whoever reads or changes the directory
///     DATA/NETWORK/10.1.0.5             container ID, CR LF, interface name
///     DATA/NETWORK/last_reserved_ip.0   the address given out last of range set 0
///
/// A file appears under its name with its content (made as `.new`, then renamed), so a process which dies leaves
/// no empty one. It carries the boot in which it was made, or first seen, as the attribute `user.apus.boot`: the
/// first operation after a reboot removes the files of the boot before, whose containers are gone.
package struct AddressStore: ~Copyable {
    /// DATA/NETWORK.
    let directory: FileDescriptor
    let boot: BootID?
    var index: AddressIndex
    /// The directory changed since the index was sealed.
    var isChanged: Bool
    /// The index knows of everything in the directory.
    var isIndexComplete: Bool
    private let indexFile: IndexFile
    private let lock: FileLock

    static let temporaryName = ".new"
    static let lockName = "lock"

    /// Where a network's addresses are, and what is kept for one boot.
    package struct Place: Hashable, Sendable {
        /// host-local's `dataDir`.
        package var dataDirectory: String
        package var network: String
        /// For indices, which are worth nothing after a reboot.
        package var runDirectory = "/run/apus/ipam"
        package var boot = BootID.current()

        package init(dataDirectory: String, network: String) {
            self.dataDirectory = dataDirectory
            self.network = network
        }

        package var path: String { "\(dataDirectory)/\(network)" }
    }

    /// Opens and locks the network's directory, making it if need be.
    package static func open(_ place: Place) throws(PoolError) -> AddressStore {
        try PoolError.step { () throws(SystemError) in
            try makeDirectories(place.path, mode: 0o755)
            return try locked(place)
        }
    }

    /// Opens and locks the network's directory; `nil` when there is none, so nobody has an address.
    package static func openIfPresent(_ place: Place) throws(PoolError) -> AddressStore? {
        do throws(SystemError) {
            return try locked(place)
        } catch {
            if error.errno == .noEntity { return nil }
            throw .system(error)
        }
    }

    private static func locked(_ place: Place) throws(SystemError) -> AddressStore {
        let directory = try FileDescriptor.open(place.path, .directory)
        let file = try directory.open(below: lockName, [.create, .nonBlocking], mode: 0o640)
        guard let lock = try FileLock.take(file, name: "\(place.path)/lock", wait: true) else {
            throw SystemError(call: "flock", subject: place.path, errno: .tryAgain)
        }
        let status = try directory.status()
        let indexFile = IndexFile(
            directory: place.runDirectory, name: "\(status.device)-\(status.inode)")
        let opened = try openIndex(indexFile, directory, status, place.boot)
        let isNew = opened.isNew
        return AddressStore(
            directory: directory, boot: place.boot, index: opened.index, isChanged: isNew,
            isIndexComplete: true, indexFile: indexFile, lock: lock)
    }

    private static func openIndex(
        _ file: IndexFile, _ directory: borrowing FileDescriptor, _ status: FileStatus, _ boot: BootID?
    ) throws(SystemError) -> OpenIndex {
        let identity = IndexHeader.Identity(
            boot: boot?.number ?? 0, device: status.device, inode: status.inode)
        if let index = file.load(identity, agreeingWith: status) {
            return OpenIndex(index: index, isNew: false)
        }
        let entries = try scan(directory, boot: boot)
            .map { AddressIndex.Entry(hash: $0.record.hash, number: $0.address.indexNumber) }
        return OpenIndex(index: try file.make(identity, entries), isNew: true)
    }

    deinit { if isChanged { seal() } }

    /// Makes directory and index agree again. Best effort: without it the next operation makes a new index.
    private borrowing func seal() {
        guard isIndexComplete else { return }
        do throws(SystemError) {
            if index.header.live == 0 { return try indexFile.remove() }
            let time = realtimeNanoseconds() - 10_000_000_000
            try directory.setModificationTime(time)
            let status = try directory.status()
            // A file system which keeps fewer digits cannot carry a seal.
            guard status.modifiedAt == time else { return try indexFile.remove() }
            try index.seal(status)
        } catch { return }
    }
}

/// An index, and whether it was made just now.
private struct OpenIndex: ~Copyable {
    let index: AddressIndex
    let isNew: Bool
}
