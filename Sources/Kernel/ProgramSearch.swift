/// The first regular file called `name` in `directories`, in their order.
///
/// `name` is one name, without a slash; an empty directory is skipped.
public func findFile(_ name: String, in directories: some Sequence<some StringProtocol>) -> String? {
    for directory in directories where !directory.isEmpty {
        let candidate = "\(directory)/\(name)"
        // A place where it is not, or cannot be seen, is no place to find it.
        if let status = try? fileStatus(candidate), status.kind == .regular { return candidate }
    }
    return nil
}
