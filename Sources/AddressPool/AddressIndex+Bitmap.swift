internal import Kernel

// The bitmaps of ranges: one bit an address.
extension AddressIndex {
    /// Bytes of a bitmap read at once: a /16 is one reading.
    private static let chunk = 8192

    /// The bitmap of the range, made from the table when there is none yet.
    mutating func bitmap(first: UInt128, last: UInt128) throws(SystemError) -> IndexHeader.Bitmap {
        if let found = header.bitmaps.first(where: { $0.first == first && $0.last == last }) { return found }
        let entries = try entries()
        // Ranges which come and go with each call must not fill the header for ever.
        if header.bitmaps.count == IndexHeader.mostBitmaps { try fill(entries, bitmaps: []) }
        return try addBitmap(first: first, last: last, entries)
    }

    /// Adds a bitmap at the end of the file; only pages with a bit in them are written.
    @discardableResult
    mutating func addBitmap(
        first: UInt128, last: UInt128, _ entries: [Entry]
    ) throws(SystemError) -> IndexHeader.Bitmap {
        let bitmap = IndexHeader.Bitmap(first: first, last: last, offset: header.end)
        // Cut first: a process which was killed here may have left bits behind the end.
        try file.resize(to: Int64(bitmap.offset))
        try file.resize(to: Int64(bitmap.offset + bitmap.size))
        var pages: [Int: [UInt8]] = [:]
        for entry in entries where bitmap.covers(entry.number) {
            let bit = Int(entry.number - first)
            pages[bit >> 15, default: [UInt8](repeating: 0, count: 4096)][bit >> 3 & 4095] |=
                1 << UInt8(bit & 7)
        }
        for (page, bytes) in pages { try file.write(bytes, at: Int64(bitmap.offset + page * 4096)) }
        header.bitmaps.append(bitmap)
        try file.write(words: header.bitmapPart, at: IndexHeader.bitmapPartOffset)
        try file.write(words: header.fixedPart, at: 0)
        return bitmap
    }

    /// Sets or clears the bit of the address with this number, in each bitmap which has one for it.
    borrowing func mark(_ number: UInt128, isTaken: Bool) throws(SystemError) {
        for bitmap in header.bitmaps where bitmap.covers(number) {
            let bit = Int(number - bitmap.first)
            let place = Int64(bitmap.offset + bit >> 3)
            var byte = try file.read(upTo: 1, at: place).first ?? 0
            let mask: UInt8 = 1 << UInt8(bit & 7)
            byte = isTaken ? byte | mask : byte & ~mask
            try file.write([byte], at: place)
        }
    }

    /// The first bit of `bitmap` between `start` and `end`, both included, which is not set.
    borrowing func firstClear(
        _ bitmap: IndexHeader.Bitmap, from start: Int, through end: Int
    ) throws(SystemError) -> Int? {
        var bit = start
        while bit <= end {
            let chunkStart = bit / (Self.chunk * 8) * Self.chunk
            let wanted = min(Self.chunk, bitmap.size - chunkStart)
            let words = try file.words(wanted / 8, at: bitmap.offset + chunkStart)
            for (index, word) in words.enumerated().dropFirst((bit - chunkStart * 8) / 64) {
                let base = chunkStart * 8 + index * 64
                let hidden = bit > base ? (1 << UInt64(bit - base)) - 1 : 0 as UInt64
                let free = ~(word | hidden)
                if free != 0 {
                    let found = base + free.trailingZeroBitCount
                    return found <= end ? found : nil
                }
            }
            bit = (chunkStart + wanted) * 8
        }
        return nil
    }
}
