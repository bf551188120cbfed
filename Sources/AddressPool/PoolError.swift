package import Addressing
package import Kernel

/// Everything a pool of addresses can fail with. The description is one sentence for a person.
package enum PoolError: Error, Hashable, Sendable {
    /// A range, range set or pool which cannot be used; says what is wrong with it.
    case configuration(String)
    /// Every address of the set is taken. `number` counts the sets of the network from 0.
    case exhausted(number: Int, set: String)
    /// No subnet of the pools is free.
    case noSubnet(family: IPAddress.Family)
    /// A requested address somebody has.
    case taken(IPAddress, number: Int, set: String)
    /// A requested address which is never given out; the reason completes "requested ip A is".
    case reserved(IPAddress, reason: String, number: Int)
    /// Requested addresses which are in no range, or in one with another requested address.
    case unanswered([IPAddress])
    /// The same interface of the same container has an address of the set already.
    case duplicate(IPAddress, owner: String, number: Int)
    /// The kernel refused; the step completes "while ...".
    case system(SystemError)
}

extension PoolError: CustomStringConvertible {
    /// Worded as the reference words it, because there are clients which look for these words.
    package var description: String {
        switch self {
        case .configuration(let reason): reason
        case .exhausted(let number, let set):
            "failed to allocate for range \(number): no IP addresses available in range set: \(set)"
        case .noSubnet(let family):
            "no free IPv\(family.rawValue) subnet: every one of the pools overlaps a route of the host or "
                + "another network"
        case .taken(let address, let number, let set):
            "failed to allocate for range \(number): requested IP address \(address) is not available in "
                + "range set \(set)"
        case .reserved(let address, let reason, let number):
            "failed to allocate for range \(number): requested ip \(address) is \(reason)"
        case .unanswered(let addresses):
            "failed to allocate all requested IPs: \(addresses.map(\.description).joined(separator: " "))"
        case .duplicate(let address, let owner, let number):
            "failed to allocate for range \(number): \(address) has been allocated to \(owner), duplicate "
                + "allocation is not allowed"
        case .system(let error): error.description
        }
    }

    /// Makes a step of a store; the kernel's refusal becomes a ``PoolError``.
    static func step<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) throws(PoolError) -> Value {
        do { return try body() } catch { throw .system(error) }
    }
}
