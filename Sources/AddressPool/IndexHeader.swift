internal import Kernel

/// The first page of an index: what it is an index of, and where its parts are.
struct IndexHeader: Hashable {
    /// Boot, device and inode: an index of another boot or directory is none.
    let identity: Identity
    /// How the directory looked when the index and it agreed.
    var seal = Seal(modifiedAt: 0, changedAt: 0)
    /// Slots of the table of owners; a power of two.
    var capacity = 0
    /// Slots which are not empty: in use, or left by something removed.
    var used = 0
    /// Addresses somebody has.
    var live = 0
    var bitmaps: [Bitmap] = []

    /// Which directory in which boot.
    struct Identity: Hashable {
        let boot: UInt128
        let device: UInt64
        let inode: UInt64
    }

    /// The times of a directory. See ``AddressIndex``.
    struct Seal: Hashable {
        var modifiedAt: Int64
        var changedAt: Int64

        init(modifiedAt: Int64, changedAt: Int64) {
            self.modifiedAt = modifiedAt
            self.changedAt = changedAt
        }

        init(_ status: FileStatus) {
            self.init(modifiedAt: status.modifiedAt, changedAt: status.changedAt)
        }
    }

    /// One bit for each of the first addresses of a range, set when it is taken.
    struct Bitmap: Hashable {
        /// The range by the index' numbers of its first and last address.
        let first: UInt128
        let last: UInt128
        /// Where it begins in the file.
        let offset: Int

        static let largest: UInt128 = 1 << 24

        /// Addresses it has bits for. A range with more is looked through one by one behind them.
        var count: Int { Int(min(last - first + 1, Self.largest)) }
        /// Room in the file, in whole pages.
        var size: Int { (count + 32767) / 32768 * 4096 }

        func covers(_ number: UInt128) -> Bool { number >= first && number - first < UInt128(count) }
    }

    static let size = 4096
    static let mostBitmaps = 80
    private static let magic: UInt64 = 0x3178_6469_7375_7061  // "apusidx1"
    private static let fixedWords = 16

    /// The table begins behind the header, the bitmaps behind the table.
    var endOfTable: Int { Self.size + (capacity * AddressIndex.slotSize + 4095) / 4096 * 4096 }
    var end: Int { bitmaps.reduce(endOfTable) { max($0, $1.offset + $1.size) } }

    init(identity: Identity) { self.identity = identity }

    /// `nil` when it is no header.
    init?(_ words: [UInt64]) {
        guard words.count >= Self.fixedWords, words[0] == Self.magic else { return nil }
        identity = Identity(
            boot: UInt128(words[1]) << 64 | UInt128(words[2]), device: words[3], inode: words[4])
        seal = Seal(
            modifiedAt: Int64(bitPattern: words[5]), changedAt: Int64(bitPattern: words[6]))
        capacity = Int(clamping: words[7])
        used = Int(clamping: words[8])
        live = Int(clamping: words[9])
        let count = Int(clamping: words[10])
        guard count <= Self.mostBitmaps, words.count >= Self.fixedWords + count * 5 else { return nil }
        for index in 0..<count {
            let part = words[(Self.fixedWords + index * 5)...]
            let at = part.startIndex
            let first = UInt128(part[at]) << 64 | UInt128(part[at + 1])
            let last = UInt128(part[at + 2]) << 64 | UInt128(part[at + 3])
            guard first <= last, last - first < .max else { return nil }
            bitmaps.append(Bitmap(first: first, last: last, offset: Int(clamping: part[at + 4])))
        }
    }

    /// Whether the numbers are those of a file of `size` bytes: one which was cut or written over is no index, and
    /// must not make anybody ask for memory or places which do not exist.
    func fits(in size: Int64) -> Bool {
        guard capacity > 0, capacity & (capacity - 1) == 0, capacity <= size / Int64(AddressIndex.slotSize),
            used <= capacity, live <= used
        else { return false }
        return bitmaps.allSatisfy { $0.offset >= endOfTable && $0.offset <= size - Int64($0.size) }
    }

    /// What changes with each operation; always the same length.
    var fixedPart: [UInt64] {
        var words: [UInt64] = [Self.magic] + IndexWords.halves(identity.boot)
        words += [identity.device, identity.inode]
        words += [UInt64(bitPattern: seal.modifiedAt), UInt64(bitPattern: seal.changedAt)]
        words += [UInt64(capacity), UInt64(used), UInt64(live), UInt64(bitmaps.count)]
        return words + [UInt64](repeating: 0, count: Self.fixedWords - words.count)
    }

    /// The list of bitmaps, which stands behind the fixed part.
    var bitmapPart: [UInt64] {
        bitmaps.flatMap { IndexWords.halves($0.first) + IndexWords.halves($0.last) + [UInt64($0.offset)] }
    }

    static let bitmapPartOffset = fixedWords * 8
}
