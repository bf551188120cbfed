internal import CKernel

/// A key or keyring of the kernel, by its serial number. keyrings(7).
package struct Key: Hashable, Sendable {
    package let serial: Int32
}

/// Gives this process the session keyring `name`, made if there is none. keyctl(2), `KEYCTL_JOIN_SESSION_KEYRING`.
///
/// - Throws: ``SystemError`` with `ENOSYS` from a kernel without keys, `EDQUOT` when the user has too many.
package func joinSessionKeyring(_ name: String) throws(SystemError) -> Key {
    Key(serial: try check("keyctl", "join session keyring \(name)") { ck_join_session_keyring(name) })
}

extension Key {
    /// Grants the bits of `permissions` on top of what the key grants. keyctl(2), `KEYCTL_SETPERM`.
    package func grant(_ permissions: UInt32) throws(SystemError) {
        let present = try describedPermissions()
        _ = try check("keyctl", "set permissions of key \(serial)") {
            ck_set_key_permissions(serial, present | permissions)
        }
    }

    /// The fourth field of the kernel's `type;uid;gid;permissions;name`, in hexadecimal.
    private func describedPermissions() throws(SystemError) -> UInt32 {
        var buffer = [CChar](repeating: 0, count: 512)
        let length = try check("keyctl", "describe key \(serial)") {
            ck_describe_key(serial, &buffer, buffer.count)
        }
        let bytes = buffer.prefix(max(0, min(Int(length) - 1, buffer.count))).map { UInt8(bitPattern: $0) }
        let fields = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard fields.count >= 5, let bits = UInt32(String(decoding: fields[3], as: UTF8.self), radix: 16)
        else {
            throw SystemError(call: "keyctl", subject: "describe key \(serial)", errno: .invalidArgument)
        }
        return bits
    }
}
