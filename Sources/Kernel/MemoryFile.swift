internal import CKernel

extension FileDescriptor {
    /// A nameless file in memory, which /proc shows as `name`. memfd_create(2) with `MFD_CLOEXEC`.
    package static func inMemory(_ name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try check("memfd_create", name) { ck_memfd_create(name, 1) })
    }

    /// All of the file from its first byte, wherever the file offset is. pread(2).
    package borrowing func contents() throws(SystemError) -> [UInt8] {
        let number = rawValue
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let offset = all.count
            let count = try check("pread") { ck_pread(number, &chunk, chunk.count, offset) }
            if count == 0 { return all }
            all += chunk[0..<count]
        }
    }
}
