/// An operation of the CNI protocol, carried in `CNI_COMMAND`.
public enum Verb: String, CaseIterable, Hashable, Sendable {
    case add = "ADD"
    case delete = "DEL"
    case check = "CHECK"
    case collectGarbage = "GC"
    case status = "STATUS"
    case version = "VERSION"

    /// The first specification version which has the operation.
    public var since: CNIVersion {
        switch self {
        case .add, .delete, .version: .v0_1_0
        case .check: .v0_4_0
        case .collectGarbage, .status: .v1_1_0
        }
    }

    /// The environment variables the operation cannot do without, in the order an error names them.
    ///
    /// `CNI_PATH` is optional in the text of the specification; every plugin around asks for it.
    public var requiredVariables: [String] {
        switch self {
        case .add, .check: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_PATH"]
        case .delete: ["CNI_CONTAINERID", "CNI_IFNAME", "CNI_PATH"]
        case .collectGarbage, .status: ["CNI_PATH"]
        case .version: []
        }
    }
}
