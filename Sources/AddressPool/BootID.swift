internal import Kernel

/// The kernel's name for the time since it was started. proc(5), `/proc/sys/kernel/random/boot_id`.
package struct BootID: Hashable, Sendable {
    /// 32 hexadecimal digits with hyphens.
    let text: String

    package init(_ text: String) { self.text = text }

    /// `nil` where the kernel does not say: then nothing is ever taken for a leftover.
    package static func current() -> BootID? {
        do throws(SystemError) {
            return BootID(try readText("/proc/sys/kernel/random/boot_id"))
        } catch { return nil }
    }

    /// The digits as a number, for the index.
    var number: UInt128 {
        text.utf8.reduce(0) { number, byte in
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return number }
            return number << 4 | UInt128(digit)
        }
    }
}
