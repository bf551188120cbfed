/// A version of the CNI specification.
public enum CNIVersion: String, CaseIterable, Hashable, Sendable {
    case v0_1_0 = "0.1.0"
    case v0_2_0 = "0.2.0"
    case v0_3_0 = "0.3.0"
    case v0_3_1 = "0.3.1"
    case v0_4_0 = "0.4.0"
    case v1_0_0 = "1.0.0"
    case v1_1_0 = "1.1.0"

    /// The newest version this package knows.
    public static let latest = CNIVersion.v1_1_0
}

extension CNIVersion: Comparable {
    /// Older before newer.
    public static func < (left: CNIVersion, right: CNIVersion) -> Bool { left.age < right.age }

    private var age: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension CNIVersion: CustomStringConvertible {
    public var description: String { rawValue }
}
