import CNIPlugin
import CNISpec
import JSON
import Kernel

/// Where the values before ours are kept until DEL.
struct BackupFile: Sendable {
    private let directory: String
    private let path: String

    init(_ directory: String, _ attachment: Attachment) {
        self.directory = directory
        path = "\(directory)/\(attachment.containerID)_\(attachment.interface).json"
    }

    /// What it holds; `nil` when there is none, or nothing that means anything.
    func read() throws(CNIError) -> Backup? { try Self.read(path) }

    private static func read(_ path: String) throws(CNIError) -> Backup? {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try readFile(path) } catch {
            if [.noEntity, .nameTooLong].contains(error.errno) { return nil }
            throw CNIError(.ioFailure, "\(error)")
        }
        do throws(JSONError) {
            return try Backup(JSONReader(try JSONValue(parsing: bytes, as: .forgiving), as: .forgiving))
        } catch {
            note("\(Tuning.name): \(path) is left aside: \(error)")
            return nil
        }
    }

    func write(_ backup: Backup) throws(CNIError) {
        try system { () throws(SystemError) in
            try makeDirectories(directory, mode: 0o700)
            try replaceFile(path, Array(backup.json.text.utf8), mode: 0o600)
        }
    }

    func remove() throws(CNIError) { try system { () throws(SystemError) in try Self.remove(path) } }

    private static func remove(_ path: String) throws(SystemError) {
        try removeFileIfPresent(path)
        // A crash between writing and renaming leaves it.
        try removeFileIfPresent(path + ".new")
    }

    /// Undoes ``write(_:)``.
    func putBack(_ earlier: Backup?) {
        do throws(CNIError) {
            if let earlier { try write(earlier) } else { try remove() }
        } catch { note("\(Tuning.name): \(error)") }
    }

    /// Removes the files of `network` which belong to none of `valid`. Files of the reference name no network and stay.
    static func removeAll(
        in directory: String, network: String, except valid: Set<Attachment>
    ) throws(CNIError) {
        let kept = Set(valid.map { "\($0.containerID)_\($0.interface).json" })
        let names = try system { () throws(SystemError) in try listDirectoryIfPresent(directory) }
        var failure: CNIError?
        for name in names where name.hasSuffix(".json") && !kept.contains(name) {
            do throws(CNIError) {
                guard try read("\(directory)/\(name)")?.network == network else { continue }
                try system { () throws(SystemError) in try remove("\(directory)/\(name)") }
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
