internal import Kernel

/// The file of an index. Where it cannot be kept, the index is made in memory and forgotten.
struct IndexFile: Hashable {
    let directory: String
    let name: String

    private var path: String { "\(directory)/\(name)" }

    /// The index in the file; `nil` when there is none of this directory and boot with an unbroken seal.
    func load(_ identity: IndexHeader.Identity, agreeingWith status: FileStatus) -> AddressIndex? {
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, [.readWrite, .noFollow])
            return try AddressIndex.load(file, identity, agreeingWith: status)
        } catch { return nil }
    }

    /// Makes a new index.
    func make(
        _ identity: IndexHeader.Identity, _ entries: [AddressIndex.Entry]
    ) throws(SystemError) -> AddressIndex {
        do throws(SystemError) {
            try makeDirectories(directory, mode: 0o700)
            let file = try FileDescriptor.open(path, [.readWrite, .create, .noFollow], mode: 0o600)
            return try AddressIndex.make(file, identity, entries)
        } catch {
            return try AddressIndex.make(try FileDescriptor.inMemory("index"), identity, entries)
        }
    }

    func remove() throws(SystemError) {
        do throws(SystemError) {
            try removeFile(path)
        } catch { if error.errno != .noEntity { throw error } }
    }
}
