internal import Addressing
internal import Kernel

/// A cache beside a directory with one file per address: who has which, and which are free.
///
/// The directory alone is the truth, because the reference plugin works in it too and knows nothing of an index.
/// The two agree as long as the directory carries the index' **seal**: after each change, still under the lock,
/// the directory's modification time is set ten seconds back, to the nanosecond a time nothing else gives it, and
/// remembered here. Whoever makes or removes a file in the directory breaks the seal, in the same clock
/// tick too, and so does a process which is killed between its change and the seal. An index with a broken seal is
/// made anew from the files.
///
/// Layout: a header page; a hash table from owner to address (open addressing, linear probing); bitmaps of ranges.
/// An operation reads and writes a few hundred bytes of it, however many addresses there are.
struct AddressIndex: ~Copyable {
    let file: FileDescriptor
    var header: IndexHeader

    /// Three words a slot: hash of the owner, address.
    static let slotSize = 24
    private static let empty: UInt64 = 0
    private static let removed: UInt64 = 1
    /// Slots read at once.
    private static let window = 32

    /// An owner's hash, and an address it has.
    struct Entry: Hashable {
        let hash: UInt64
        let number: UInt128
    }

    /// The index in an open file, if it is one of this directory and boot, and the seal is unbroken.
    static func load(
        _ file: consuming FileDescriptor, _ identity: IndexHeader.Identity, agreeingWith status: FileStatus
    ) throws(SystemError) -> AddressIndex? {
        guard let header = IndexHeader(try file.words(IndexHeader.size / 8, at: 0)),
            header.identity == identity, header.seal == IndexHeader.Seal(status),
            header.fits(in: try file.status().size)
        else { return nil }
        return AddressIndex(file: file, header: header)
    }

    /// Writes a new index of `entries` over whatever `file` holds.
    static func make(
        _ file: consuming FileDescriptor, _ identity: IndexHeader.Identity, _ entries: [Entry]
    ) throws(SystemError) -> AddressIndex {
        var index = AddressIndex(file: file, header: IndexHeader(identity: identity))
        try index.fill(entries, bitmaps: [])
        return index
    }

    /// The addresses of the owner with this hash; of another owner too when two have the same hash.
    borrowing func addresses(of hash: UInt64) throws(SystemError) -> [IPAddress] {
        var found: [IPAddress] = []
        _ = try probe(hash) { slot in
            if slot.entry.hash == hash, let address = IPAddress(indexNumber: slot.entry.number) {
                found.append(address)
            }
            return slot.entry.hash == Self.empty
        }
        return found
    }

    /// Notes that the owner has the address.
    mutating func insert(_ entry: Entry) throws(SystemError) {
        if (header.used + 1) * 4 > header.capacity * 3 { try fill(try entries(), bitmaps: header.bitmaps) }
        guard let slot = try probe(entry.hash, { $0.entry.hash <= Self.removed }) else { return }
        if slot.entry.hash == Self.empty { header.used += 1 }
        try write(entry, to: slot.position)
        header.live += 1
        try mark(entry.number, isTaken: true)
    }

    /// Notes that the owner has the address no more.
    mutating func remove(_ entry: Entry) throws(SystemError) {
        guard let slot = try probe(entry.hash, { $0.entry == entry || $0.entry.hash == Self.empty }),
            slot.entry == entry
        else { return }
        try write(Entry(hash: Self.removed, number: 0), to: slot.position)
        header.live -= 1
        try mark(entry.number, isTaken: false)
    }

    /// Everything the table holds.
    borrowing func entries() throws(SystemError) -> [Entry] {
        let words = try file.words(header.capacity * 3, at: IndexHeader.size)
        var found: [Entry] = []
        found.reserveCapacity(header.live)
        for start in stride(from: 0, to: words.count, by: 3) where words[start] > Self.removed {
            found.append(
                Entry(hash: words[start], number: UInt128(words[start + 1]) << 64 | UInt128(words[start + 2]))
            )
        }
        return found
    }

    /// Remembers the times of the directory, and with them all that was noted since the last time.
    borrowing func seal(_ status: FileStatus) throws(SystemError) {
        var sealed = header
        sealed.seal = IndexHeader.Seal(status)
        try file.write(words: sealed.fixedPart, at: 0)
    }

    /// Writes the whole file anew. The header goes last: a file without one is no index.
    mutating func fill(_ entries: [Entry], bitmaps: [IndexHeader.Bitmap]) throws(SystemError) {
        try file.resize(to: 0)
        header.capacity = 64
        while header.capacity < entries.count * 2 { header.capacity *= 2 }
        header.used = entries.count
        header.live = entries.count
        header.bitmaps = []
        var words = [UInt64](repeating: Self.empty, count: header.capacity * 3)
        for entry in entries {
            var position = home(entry.hash)
            while words[position * 3] != Self.empty { position = (position + 1) & (header.capacity - 1) }
            words[position * 3] = entry.hash
            words[position * 3 + 1] = UInt64(truncatingIfNeeded: entry.number >> 64)
            words[position * 3 + 2] = UInt64(truncatingIfNeeded: entry.number)
        }
        try file.write(words: words, at: IndexHeader.size)
        for bitmap in bitmaps { try addBitmap(first: bitmap.first, last: bitmap.last, entries) }
        try file.write(words: header.fixedPart, at: 0)
    }

    private borrowing func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash & UInt64(header.capacity - 1))
    }

    private struct Slot {
        let position: Int
        let entry: Entry
    }

    /// The first slot from the hash's own on which `isWanted`; `nil` when it is none of all.
    private borrowing func probe(
        _ hash: UInt64, _ isWanted: (Slot) -> Bool
    ) throws(SystemError) -> Slot? {
        var position = home(hash)
        var left = header.capacity
        while left > 0 {
            let count = min(Self.window, header.capacity - position, left)
            let words = try file.words(count * 3, at: IndexHeader.size + position * Self.slotSize)
            for index in 0..<count {
                let number = UInt128(words[index * 3 + 1]) << 64 | UInt128(words[index * 3 + 2])
                let slot = Slot(
                    position: position + index, entry: Entry(hash: words[index * 3], number: number))
                if isWanted(slot) { return slot }
            }
            left -= count
            position = (position + count) & (header.capacity - 1)
        }
        return nil
    }

    private borrowing func write(_ entry: Entry, to position: Int) throws(SystemError) {
        try file.write(
            words: [entry.hash] + IndexWords.halves(entry.number),
            at: IndexHeader.size + position * Self.slotSize)
    }
}
