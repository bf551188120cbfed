import JSON
import Kernel
import NetdClient

/// The record at `path`, or nil when there is none.
func readRecord<Record>(
    _ path: String, _ decode: (JSONReader) throws(JSONError) -> Record
) throws(NetdRefusal) -> Record? {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try readFile(path, .nonBlocking) } catch {
        if [.noEntity, .nameTooLong].contains(error.errno) { return nil }
        throw NetdRefusal(.badRecord, "\(error)")
    }
    do throws(JSONError) { return try decode(JSONReader(try JSONValue(parsing: bytes))) } catch {
        throw NetdRefusal(.badRecord, "\(path): \(error)")
    }
}

extension NetdPaths {
    /// Puts `new` in the place of a record, if that is still the one which was read, `old`.
    ///
    /// A container may leave while its record is worked on, and whoever removes the file does not wait: renamed over, it would
    /// be back. The lock of those who write records is of no use, because they hold it while they wait for the daemon. Exchanged, a
    /// file that has gone is not made anew, and one that is another's goes back to its place. renameat2(2), `RENAME_EXCHANGE`.
    /// - Returns: whether it was; what is there otherwise stays as it is.
    func replace<Record: Equatable>(
        _ kind: RecordKind, _ file: String, _ old: Record, with new: JSONValue,
        _ decode: (JSONReader) throws(JSONError) -> Record
    ) throws(SystemError) -> Bool {
        let path = record(kind, file)
        try replaceFile(draft, Array((new.text + "\n").utf8), mode: 0o600, isDurable: false)
        defer { try? removeFile(draft) }
        guard try exchange(path) else { return false }
        if let found = try? readRecord(draft, decode), found == old { return true }
        _ = try exchange(path)
        return false
    }

    /// Exchanges a record and the draft; false when there is no record.
    private func exchange(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) { try exchangeFiles(draft, path) } catch {
            guard error.errno == .noEntity else { throw error }
            return false
        }
        return true
    }

    /// Not among the records: one that is left behind is written over the next time.
    private var draft: String { run + "/netd.draft" }
}
