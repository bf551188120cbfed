internal import OCISpec

extension MountOptions.IDMap {
    /// Reads `idmap=uids=0-1-10#10-11-10;gids=@0-100-10`, as crun(1) has it.
    ///
    /// Each triple is the first id of the file system, the id it becomes, and how many. A list that starts
    /// with `@` counts the second number inside the container, that is from where `container` maps the first.
    /// - Returns: `nil` when `option` is not of this form.
    init?(option: String, container: (uids: [IDMapping], gids: [IDMapping])) {
        guard let equals = option.firstIndex(of: "=") else { return nil }
        isRecursive = option.hasPrefix("r")
        for part in option[option.index(after: equals)...].split(separator: ";") {
            if part.hasPrefix("uids="), let maps = ranges(part.dropFirst(5), relativeTo: container.uids) {
                uids = maps
            } else if part.hasPrefix("gids="),
                let maps = ranges(part.dropFirst(5), relativeTo: container.gids)
            {
                gids = maps
            } else {
                return nil
            }
        }
        if uids.isEmpty || gids.isEmpty { return nil }
    }
}

private func ranges(_ text: Substring, relativeTo container: [IDMapping]) -> [IDMapping]? {
    let isRelative = text.hasPrefix("@")
    var found: [IDMapping] = []
    for triple in text.dropFirst(isRelative ? 1 : 0).split(separator: "#") {
        let numbers = triple.split(separator: "-", omittingEmptySubsequences: false).map { UInt32($0) }
        guard numbers.count == 3, let first = numbers[0], var host = numbers[1], let size = numbers[2],
            size > 0
        else { return nil }
        if isRelative {
            let map = container.first { $0.containerID <= first && first - $0.containerID < $0.size }
            guard let map else { return nil }
            host = host &+ map.hostID &- map.containerID
        }
        found.append(IDMapping(containerID: first, hostID: host, size: size))
    }
    return found
}
