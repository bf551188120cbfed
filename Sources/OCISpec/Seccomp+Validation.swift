public import JSON

extension Seccomp {
    /// Checks what the values mean together. `path` is put before the path of a wrong value.
    ///
    /// - Throws: ``JSONError`` naming the first value that is not allowed.
    public func validate(at path: String) throws(JSONError) {
        try require(
            defaultAction != .notify, "\(path).defaultAction",
            "SCMP_ACT_NOTIFY cannot be the default: the container's own start would wait for the agent")
        try Self.validate(defaultErrnoRet, defaultAction, at: "\(path).defaultErrnoRet")
        let notifies = syscalls.contains { $0.action == .notify }
        try require(
            !notifies || listenerPath != nil, "\(path).listenerPath", "is needed for SCMP_ACT_NOTIFY")
        if let listenerPath, notifies { try requireAbsolute(listenerPath, "\(path).listenerPath") }
        try require(
            listenerMetadata == nil || listenerPath != nil, "\(path).listenerMetadata", "needs listenerPath")
        for (index, rule) in syscalls.enumerated() { try rule.validate(at: "\(path).syscalls[\(index)]") }
    }

    /// Only two actions have room for a number; seccomp(2) keeps 16 bits of it, as an errno at most 4095.
    fileprivate static func validate(
        _ number: UInt32?, _ action: Action, at path: @autoclosure () -> String
    ) throws(JSONError) {
        guard number != nil else { return }
        switch action {
        case .errno: try require(number, in: 0...4095, path())
        case .trace: try require(number, in: 0...65535, path())
        default:
            throw JSONError(
                path: path(),
                problem: .notAllowed(
                    "\(action.rawValue) takes no number (allowed with: SCMP_ACT_ERRNO, SCMP_ACT_TRACE)"))
        }
    }
}

extension Seccomp.Rule {
    func validate(at path: @autoclosure () -> String) throws(JSONError) {
        try require(!names.isEmpty, "\(path()).names", "must name at least one system call")
        for (index, name) in names.enumerated() {
            try require(!name.isEmpty, "\(path()).names[\(index)]", "must not be empty")
        }
        try Seccomp.validate(errnoRet, action, at: "\(path()).errnoRet")
        for (index, argument) in args.enumerated() {
            try require(argument.index, in: 0...5, "\(path()).args[\(index)].index")
        }
    }
}
