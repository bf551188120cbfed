/// One value for one control file.
struct Limit: Hashable, Sendable {
    /// A v1 hierarchy or a v2 controller.
    var controller: String
    /// Where `value` goes; of several the first that is there. Kernels name some limits differently.
    var files: [File]
    /// The member of `linux.resources` that asks for it, for example `memory.limit`.
    var path: String
    /// Nothing is lost when no such file is there: the kernel does what is asked for anyway.
    var mayBeMissing = false
    /// The kernel may refuse the value (`EINVAL`) until another of the same controller is written: try again then.
    var mayHaveToWait = false

    struct File: Hashable, Sendable {
        var name: String
        var value: String
    }

    init(
        _ controller: String, _ file: String, _ value: String, _ path: String, mayBeMissing: Bool = false,
        mayHaveToWait: Bool = false
    ) {
        self.init(
            controller, [File(name: file, value: value)], path, mayBeMissing: mayBeMissing,
            mayHaveToWait: mayHaveToWait)
    }

    init(
        _ controller: String, _ files: [File], _ path: String, mayBeMissing: Bool = false,
        mayHaveToWait: Bool = false
    ) {
        self.controller = controller
        self.files = files
        self.path = path
        self.mayBeMissing = mayBeMissing
        self.mayHaveToWait = mayHaveToWait
    }
}

extension CgroupError {
    /// A wrong value below `linux.resources`.
    static func invalid(_ path: String, _ value: some CustomStringConvertible, _ reason: String)
        -> CgroupError
    {
        .invalid(path: "linux.resources." + path, value: value.description, reason: reason)
    }
}

/// A number where 0 means "not set", as engines write it.
func given<Number: BinaryInteger>(_ number: Number?) -> Number? { number.flatMap { $0 == 0 ? nil : $0 } }
