internal import Kernel
package import Netlink

/// Why the firewall cannot do what a plugin asks.
package enum FirewallError: Error, Hashable, Sendable {
    /// The port of the host leads to somebody else's container.
    case taken(Publication, by: Owner?)
    /// The kernel refused.
    case kernel(NetlinkError)
    /// Others changed the ruleset each time in between.
    case busy
}

extension FirewallError {
    /// The kernel has no firewall: it was built without, or without a part it needs.
    package var meansNoFirewall: Bool {
        guard case .kernel(let error) = self, let errno = error.errno else { return false }
        return [.notSupported, .familyNotSupported, .protocolNotSupported].contains(errno)
    }
}

extension FirewallError: CustomStringConvertible {
    /// What a person should read.
    package var description: String {
        switch self {
        case .taken(let publication, let owner):
            "\(publication.hostText) is already published by \(owner.map { "\($0)" } ?? "somebody else")"
        case .kernel(let error): "\(error)"
        case .busy: "the ruleset changes too fast: others write to it at the same time"
        }
    }
}
