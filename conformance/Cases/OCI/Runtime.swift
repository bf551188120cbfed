package import JSON
import Suite

/// The runtime under test, as far as it is known before the first case.
package struct Runtime: Sendable {
    /// Its program. An absolute path.
    package var path: String
    /// Words between the program and the operation, for example `--systemd-cgroup`.
    package var options: [String]
    /// The program that reports from inside the container.
    package var probe: String
    /// The newest version of the specification it says it knows; `nil` when it does not say.
    package var version: Version?
    /// What `features` answered; `nil` when it has no such command.
    package var features: JSONValue?
    /// The cgroup all containers of this run are below, in every hierarchy.
    package var cgroup: String

    package init(
        path: String, options: [String] = [], probe: String, version: Version? = nil,
        features: JSONValue? = nil, cgroup: String = "/conformance"
    ) {
        self.path = path
        self.options = options
        self.probe = probe
        self.version = version
        self.features = features
        self.cgroup = cgroup
    }

    /// The newest version the features document declares.
    package var declaredVersion: String? { features?.member("ociVersionMax")?.string }

    /// The part of the features document at `path`, written like `linux.namespaces`; `nil` when it is not there.
    func feature(_ path: String) -> JSONValue? {
        guard var value = features else { return nil }
        for name in path.split(separator: ".") {
            guard let next = value.member(String(name)) else { return nil }
            value = next
        }
        return value
    }
}

/// A version of the specification. What stands behind a dash does not count.
package struct Version: Hashable, Comparable, Sendable {
    let numbers: [Int]
    package let text: String

    /// Reads `1.0.2-dev`; `nil` for what is no version.
    package init?(_ text: some StringProtocol) {
        self.text = String(text)
        let parts = text.prefix { $0 != "-" && $0 != "+" }.split(
            separator: ".", omittingEmptySubsequences: false)
        let read = parts.map { Int($0) }
        guard read.count == 3, !read.contains(nil) else { return nil }
        numbers = read.compactMap { $0 }
    }

    package static func < (one: Version, other: Version) -> Bool {
        one.numbers.lexicographicallyPrecedes(other.numbers)
    }

    /// By the numbers alone: what stands behind them (`-dev`, `+dirty`) makes no other version of the specification.
    package static func == (one: Version, other: Version) -> Bool { one.numbers == other.numbers }

    /// By the numbers, as `==`.
    package func hash(into hasher: inout Hasher) { hasher.combine(numbers) }
}
