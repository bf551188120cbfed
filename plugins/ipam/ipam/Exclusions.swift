import Addressing
import CNISpec
import JSON

/// Addresses which are never given out: single ones, networks, and stretches with a hyphen.
struct Exclusions {
    private(set) var stretches: [ClosedRange<IPAddress>] = []

    init(_ reader: JSONReader?) throws(JSONError) {
        for element in try reader?.elements() ?? [] {
            let text = try element.string()
            guard let stretch = stretch(text) else {
                throw element.notAllowed(
                    "'\(text)' is not an address, a network or a stretch like 10.1.0.5-10.1.0.9")
            }
            stretches.append(stretch)
        }
    }
}

private func stretch(_ text: String) -> ClosedRange<IPAddress>? {
    if let address = IPAddress(text) { return address...address }
    if let network = IPPrefix(text) { return network.first...network.last }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { IPAddress($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first.family == last.family,
        first <= last
    else { return nil }
    return first...last
}
