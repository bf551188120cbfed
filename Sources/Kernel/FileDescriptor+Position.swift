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

    /// Writes all of `bytes` from `offset` on, without moving the file's position. pwrite(2).
    package borrowing func write(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
        let number = rawValue
        var done = 0
        while done < bytes.count {
            done += try check("pwrite") {
                bytes.withUnsafeBytes {
                    ck_pwrite(
                        number, $0.baseAddress?.advanced(by: done), $0.count - done, Int(offset) + done)
                }
            }
        }
    }
}
