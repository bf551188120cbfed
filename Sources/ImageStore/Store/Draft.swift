internal import Kernel

/// A file which is being written, under a name that means nothing. It goes with its owner unless it is kept.
struct Draft: ~Copyable {
    private let path: String
    private let file: FileDescriptor
    private var isKept = false

    private init(_ path: String, _ file: consuming FileDescriptor) {
        self.path = path
        self.file = file
    }

    /// Makes an empty file in `folder`.
    static func make(in folder: String) throws(ImageError) -> Draft {
        var number = monotonicMilliseconds()
        while true {
            let path = "\(folder)/\(processID())-\(number)"
            do throws(SystemError) {
                return Draft(
                    path, try .open(path, [.create, .exclusive, .readWrite, .noFollow], mode: 0o600))
            } catch {
                guard error.errno == .exists else {
                    throw .system(step: "write to \(folder)", reason: "\(error)")
                }
                number += 1
            }
        }
    }

    deinit {
        // Half a blob is in nobody's way, but a full disk is; the next open of the store tries again.
        if !isKept { do throws(SystemError) { try removeFile(path) } catch {} }
    }

    borrowing func write(_ bytes: [UInt8]) throws(ImageError) {
        do throws(SystemError) { try file.write(bytes) } catch {
            throw .system(step: "write \(path)", reason: "\(error)")
        }
    }

    /// The same file to read, from its beginning.
    borrowing func reader() throws(ImageError) -> FileDescriptor {
        do throws(SystemError) { return try .open(path, .noFollow) } catch {
            throw .system(step: "read \(path)", reason: "\(error)")
        }
    }

    /// Gives the file its name.
    consuming func keep(as name: String) throws(ImageError) {
        do throws(SystemError) { try renameFile(path, to: name) } catch {
            throw .system(step: "write \(name)", reason: "\(error)")
        }
        isKept = true
    }
}
