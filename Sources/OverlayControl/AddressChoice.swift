package import Addressing

/// Chooses addresses of a network for the containers of a node.
package struct AddressChoice: Sendable {
    private let view: NetworkView
    /// Addresses the node's containers have.
    private let taken: Set<IPAddress>

    package init(_ view: NetworkView, taken: Set<IPAddress>) {
        self.view = view
        self.taken = taken
    }

    /// The next free address of the node's blocks behind `last`, in rounds: one that was given back is not given again at once.
    package func next(after last: IPAddress?) -> IPAddress? {
        let blocks = view.ownBlocks
        if let last, let found = blocks.lazy.compactMap({ first(in: $0, after: last) }).first { return found }
        return blocks.lazy.compactMap { first(in: $0, after: nil) }.first
    }

    private func first(in block: IPPrefix, after last: IPAddress?) -> IPAddress? {
        var address = block.first
        if let last, last >= address {
            guard last < block.last, let next = last.advanced(by: 1) else { return nil }
            address = next
        }
        while block.contains(address) {
            if isFree(address) { return address }
            guard let next = address.advanced(by: 1) else { return nil }
            address = next
        }
        return nil
    }

    /// Whether one of the node's containers may have it.
    package func isFree(_ address: IPAddress) -> Bool {
        view.network.isAssignable(address) && !taken.contains(address) && view.claims[address] == nil
    }

    /// The first block nobody has which has an address for a container.
    package var freeBlock: IPPrefix? {
        let network = view.network
        var start = network.subnet.first
        while network.subnet.contains(start), let block = network.block(of: start) {
            if view.blocks[block] == nil, hasAddress(block) { return block }
            guard let next = block.last.advanced(by: 1) else { return nil }
            start = next
        }
        return nil
    }

    private func hasAddress(_ block: IPPrefix) -> Bool {
        var address = block.first
        while block.contains(address) {
            if isFree(address) { return true }
            guard let next = address.advanced(by: 1) else { return false }
            address = next
        }
        return false
    }
}
