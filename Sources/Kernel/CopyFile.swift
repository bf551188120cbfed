internal import CKernel
internal import Glibc

// Copying one open file to another, with its owner, permissions and extended attributes.
extension FileDescriptor {
    /// Appends what this file holds, from its position to its end, to `other`. sendfile(2).
    package borrowing func copyContent(to other: borrowing FileDescriptor) throws(SystemError) {
        let (from, to) = (rawValue, other.rawValue)
        while try check("sendfile", "", { ck_sendfile(to, from, 1 << 30) }) > 0 {}
    }

    /// Gives `other` the owner, permissions and extended attributes of this file or directory.
    ///
    /// An attribute the other file system does not take is left out: it would mean nothing there.
    package borrowing func copyAttributes(to other: borrowing FileDescriptor) throws(SystemError) {
        let (from, to) = (rawValue, other.rawValue)
        let status = try status()
        _ = try check("fchown") { ck_fchown(to, status.uid, status.gid) }
        // After the owner, whose change takes the set-user-ID bit away.
        try other.changeMode(status.permissions)
        for name in try extendedAttributes() {
            var value = [UInt8](repeating: 0, count: 65536)
            let length = try check("fgetxattr", text(name)) { ck_fgetxattr(from, name, &value, value.count) }
            do throws(SystemError) {
                _ = try check("fsetxattr", text(name)) { ck_fsetxattr(to, name, value, length) }
            } catch {
                guard [.notSupported, .notPermitted].contains(error.errno) else { throw error }
            }
        }
    }

    /// Names as C wants them, whatever bytes they are made of.
    private borrowing func extendedAttributes() throws(SystemError) -> [[CChar]] {
        let number = rawValue
        var names = [UInt8](repeating: 0, count: 65536)
        do throws(SystemError) {
            let length = try check("flistxattr") { ck_flistxattr(number, &names, names.count) }
            return names[0..<length].split(separator: 0).map { $0.map { CChar(bitPattern: $0) } + [0] }
        } catch {
            if error.errno == .notSupported { return [] }
            throw error
        }
    }
}

private func text(_ name: [CChar]) -> String {
    String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
