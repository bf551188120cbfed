internal import Addressing
internal import Kernel

/// An address and what its file says.
struct StoredAddress: Hashable {
    let address: IPAddress
    let record: OwnerRecord
}

// The files of the directory. Only what is here reads and writes them.
extension AddressStore {
    private static let bootAttribute = "user.apus.boot"

    /// Whatever stands in the directory, nobody waits for it: a named pipe would hold the lock for ever.
    private static let reading: FileDescriptor.OpenOptions = [.noFollow, .nonBlocking]

    /// Reads every file, and puts the directory in order: removes what a killed process left, and the addresses of
    /// an earlier boot.
    static func scan(
        _ directory: borrowing FileDescriptor, boot: BootID?
    ) throws(SystemError) -> [StoredAddress] {
        var found: [StoredAddress] = []
        // Opened anew: reading a directory goes on where it stopped.
        for entry in try directory.open(below: ".", .directory).entries() where entry.mayBeFile {
            if entry.name == temporaryName { try directory.removeFile(entry.name) }
            guard let address = IPAddress(entry.name), address.description == entry.name else { continue }
            let file = try directory.open(below: entry.name, reading)
            let record = OwnerRecord(content: try content(file))
            // The lock is ours, so nobody is about to fill an empty file any more.
            let isLeftover = try isLeftover(file, boot: boot)
            if record.text.isEmpty || isLeftover {
                try directory.removeFile(entry.name)
            } else {
                found.append(StoredAddress(address: address, record: record))
            }
        }
        return found
    }

    /// Whether the file was made, or seen, in an earlier boot. A file nobody has seen yet is marked with this one:
    /// the reference may have made it a moment ago.
    private static func isLeftover(
        _ file: borrowing FileDescriptor, boot: BootID?
    ) throws(SystemError) -> Bool {
        guard let boot else { return false }
        let mark = Array(boot.text.utf8)
        guard let seen = try file.extendedAttribute(bootAttribute) else {
            setMark(mark, on: file)
            return false
        }
        return seen != mark
    }

    // Best effort: where a file system takes no attributes, DEL and GC must remove what a reboot left.
    private static func setMark(_ mark: [UInt8], on file: borrowing FileDescriptor) {
        do throws(SystemError) { try file.setExtendedAttribute(bootAttribute, mark) } catch { return }
    }

    /// The file's content, read in small pieces: it is a line or two.
    private static func content(_ file: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
        var all = try file.read(upTo: 512)
        if all.count == 512 { all += try file.readAll() }
        return all
    }

    /// What the address' file says; `nil` when there is none.
    borrowing func record(of address: IPAddress) throws(SystemError) -> OwnerRecord? {
        do throws(SystemError) {
            return OwnerRecord(
                content: try Self.content(try directory.open(below: address.description, Self.reading)))
        } catch {
            if error.errno == .noEntity { return nil }
            throw error
        }
    }

    /// The addresses whose files hold `record`.
    borrowing func addresses(of record: OwnerRecord) throws(SystemError) -> [IPAddress] {
        var found: [IPAddress] = []
        // The index is asked, the file believed.
        for address in try index.addresses(of: record.hash) where try self.record(of: address) == record {
            found.append(address)
        }
        return found
    }

    /// Makes the address' file; answers `false` when there is one.
    mutating func create(_ address: IPAddress, _ record: OwnerRecord) throws(SystemError) -> Bool {
        let name = address.description
        guard try !exists(name) else { return false }
        try write(record.text, to: name, isMarked: true)
        do throws(SystemError) {
            try index.insert(AddressIndex.Entry(hash: record.hash, number: address.indexNumber))
        } catch { isIndexComplete = false }
        return true
    }

    /// Removes the address' file.
    mutating func remove(_ address: IPAddress, _ record: OwnerRecord) throws(SystemError) {
        isChanged = true
        try directory.removeFile(address.description)
        do throws(SystemError) {
            try index.remove(AddressIndex.Entry(hash: record.hash, number: address.indexNumber))
        } catch { isIndexComplete = false }
    }

    /// The address of range set `number` which was given out last.
    borrowing func lastReserved(_ number: Int) -> IPAddress? {
        do throws(SystemError) {
            let file = try directory.open(below: "last_reserved_ip.\(number)", Self.reading)
            return IPAddress(OwnerRecord(content: try Self.content(file)).text)
        } catch { return nil }  // a hint only
    }

    /// Remembers which address of range set `number` was given out last.
    mutating func setLastReserved(_ number: Int, _ address: IPAddress) throws(SystemError) {
        let name = "last_reserved_ip.\(number)"
        let text = address.description
        do throws(SystemError) {
            // In place, and cut afterwards: the file is never empty.
            let file = try directory.open(below: name, Self.reading.union(.writeOnly))
            try file.write(Array(text.utf8), at: 0)
            try file.resize(to: Int64(text.utf8.count))
        } catch {
            guard error.errno == .noEntity else { throw error }
            try write(text, to: name, isMarked: false)
        }
    }

    private borrowing func exists(_ name: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try directory.status(of: name)
            return true
        } catch {
            if error.errno == .noEntity { return false }
            throw error
        }
    }

    /// Makes the file `name` appear with its whole content.
    private mutating func write(_ text: String, to name: String, isMarked: Bool) throws(SystemError) {
        isChanged = true
        let file = try directory.open(
            below: Self.temporaryName, Self.reading.union([.writeOnly, .create, .truncate]), mode: 0o644)
        do throws(SystemError) {
            try file.write(text)
            if isMarked, let boot { Self.setMark(Array(boot.text.utf8), on: file) }
            try directory.renameFile(Self.temporaryName, to: name)
        } catch {
            do throws(SystemError) { try directory.removeFile(Self.temporaryName) } catch {}
            throw error
        }
    }
}
