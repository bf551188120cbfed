internal import JSON

// What a value means is checked on the decoded types, in the order in which the specification lists the
// members. A check costs a comparison; texts are put together only for the error.

/// Throws what is wrong with the value at `path`, unless `condition` holds.
func require(
    _ condition: Bool, _ path: @autoclosure () -> String, _ reason: @autoclosure () -> String
) throws(JSONError) {
    if !condition { throw JSONError(path: path(), problem: .notAllowed(reason())) }
}

/// Checks that the value at `path` is absolute.
func requireAbsolute(_ value: String, _ path: @autoclosure () -> String) throws(JSONError) {
    try require(value.utf8.first == UInt8(ascii: "/"), path(), "'\(value)' is not an absolute path")
}

/// Checks that `number` is in `range`.
func require<Number: BinaryInteger>(
    _ number: Number?, in range: ClosedRange<Number>, _ path: @autoclosure () -> String
) throws(JSONError) {
    guard let number, !range.contains(number) else { return }
    throw JSONError(
        path: path(),
        problem: .notAllowed(
            "\(number) is out of range (allowed: \(range.lowerBound) to \(range.upperBound))"))
}

/// Checks a list of CPUs or memory nodes like `0-3,7` as the kernel reads it; `nil` is good.
func requireNodeList(_ list: String?, _ path: @autoclosure () -> String) throws(JSONError) {
    guard let list else { return }
    let parts = list.split(separator: ",", omittingEmptySubsequences: false)
    try require(
        parts.allSatisfy(isNodeRange), path(), "'\(list)' is not a list of numbers and ranges like 0-3,7")
}

/// A number, `first-last`, or `first-last:used/group` (cpuset(7), "List format").
private func isNodeRange(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = number(ends[0]), let last = number(ends.last ?? ""), first <= last else { return false }
    guard parts.count == 2 else { return true }
    let group = parts[1].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2, group.count == 2 else { return false }
    guard let used = number(group[0]), let size = number(group[1]) else { return false }
    return used >= 1 && used <= size
}

/// Digits only; `UInt32.init` would take a sign.
private func number(_ text: Substring) -> UInt32? {
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
    return UInt32(text)
}
