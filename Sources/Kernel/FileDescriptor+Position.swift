internal import CKernel

extension FileDescriptor {
    /// Reads up to `limit` bytes from `offset` on, without moving the file's position. pread(2).
    ///
    /// A control file of the kernel is made anew for each read at offset 0.
    public borrowing func read(upTo limit: Int, at offset: Int64) throws(SystemError) -> [UInt8] {
        let number = rawValue
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = try check("pread") { ck_pread(number, &buffer, limit, Int(offset)) }
        buffer.removeLast(limit - count)
        return buffer
    }
}
