/// Directories deeper than this are moved up before they are emptied: each level costs a descriptor.
private let deepest = 64

extension FileDescriptor {
    /// Removes the entry with all below it; that it is missing is no error.
    ///
    /// No symbolic link is followed and no mount is entered: what is mounted below makes it fail with `EXDEV` or `EBUSY`.
    package borrowing func removeTree(_ name: EntryName) throws(SystemError) {
        do throws(SystemError) {
            try removeFile(name)
            return
        } catch {
            if error.errno == .noEntity { return }
            guard error.errno == .isDirectory else { throw error }
        }
        let top = try open(name, .directory)
        var moved = 0
        // What was moved up is a directory right below the top, so the next round finds it.
        repeat { try top.empty(below: top, depth: 1, &moved) } while try !top.entryNames().isEmpty
        try removeDirectory(name)
    }

    private borrowing func empty(
        below top: borrowing FileDescriptor, depth: Int, _ moved: inout Int
    ) throws(SystemError) {
        for name in try entryNames() {
            do throws(SystemError) {
                try removeFile(name)
            } catch {
                guard error.errno == .isDirectory else { throw error }
                try removeBelow(name, top, depth: depth, &moved)
            }
        }
    }

    private borrowing func removeBelow(
        _ name: EntryName, _ top: borrowing FileDescriptor, depth: Int, _ moved: inout Int
    ) throws(SystemError) {
        if depth < deepest {
            try open(name, .directory).empty(below: top, depth: depth + 1, &moved)
            return try removeDirectory(name)
        }
        while true {
            moved += 1
            guard let free = EntryName("moved-up-\(moved)") else { return }
            do throws(SystemError) {
                return try rename(name, to: free, in: top)
            } catch {
                // Somebody's own entry has this name already.
                guard [.notEmpty, .exists, .notDirectory].contains(error.errno) else { throw error }
            }
        }
    }
}
