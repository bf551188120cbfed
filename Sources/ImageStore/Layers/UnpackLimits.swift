/// What an archive may at most unpack to: a few bytes can stand for a whole disk.
package struct UnpackLimits: Hashable, Sendable {
    /// Bytes of all files of one layer or archive.
    package var totalBytes: Int64 = 128 << 30
    /// Bytes of one file.
    package var fileBytes: Int64 = 64 << 30
    /// Files, directories and links.
    package var entries = 4_000_000
    /// Bytes of the paths of all directories, which are kept in memory until the end.
    package var pathBytes = 256 << 20

    package init() {}

    /// Bytes of the archive itself: each entry has headers and an unfilled block, too.
    var archiveBytes: Int64 {
        let (sum, isTooLarge) = totalBytes.addingReportingOverflow(Int64(clamping: entries) &* 2048)
        return isTooLarge ? Int64.max : sum
    }
}
