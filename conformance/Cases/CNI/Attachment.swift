import JSON
import Suite

/// A container's place in a network: what a plugin is called for.
struct Attachment: Hashable, Sendable {
    var container: String
    var interface: String
    /// The name of the network namespace; its path is `/run/netns/NAME`.
    var namespace: String

    /// What is said in place of the namespace's path.
    var otherPath: String?

    var path: String { otherPath ?? "/run/netns/\(namespace)" }

    /// The element of `cni.dev/valid-attachments`. CNI 1.1.0, "GC".
    var json: JSONValue {
        .object([.init("containerID", .string(container)), .init("ifname", .string(interface))])
    }
}

/// One call of a plugin, before it is made.
struct Call: Sendable {
    var verb: String
    var attachment: Attachment
    var version: String
    /// The members of the configuration, in order.
    var configuration: JSONValue
    /// What stands on standard input in place of the configuration.
    var input: String?
    /// Variables that are set, changed, or (`nil`) missing.
    var variables: [String: String?] = [:]
    /// Words behind the program's path.
    var arguments: [String] = []
    var seconds: Int32 = 60

    /// Sets the member `name` of the configuration, or takes it away.
    mutating func set(_ name: String, _ value: JSONValue?) {
        configuration = configuration.setting(name, value)
    }

    /// Sets the member `name` of `ipam`, or takes it away.
    mutating func setAddressManager(_ name: String, _ value: JSONValue?) {
        set("ipam", configuration.member("ipam")?.setting(name, value))
    }

    var text: String { input ?? configuration.text }
}
