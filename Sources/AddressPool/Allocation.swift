package import Addressing
internal import Kernel

/// An address an interface got.
package struct Allocation: Hashable, Sendable {
    /// The address with the length of its subnet's prefix.
    package let address: IPPrefix
    package let gateway: IPAddress
}

/// What an interface wants.
package struct AllocationRequest: Hashable, Sendable {
    package let owner: Owner
    /// It gets one address of each.
    package let sets: [RangeSet]
    /// Addresses it must have; each belongs to the first set it is in.
    package var requested: [IPAddress] = []
    package var order = RangeSet.Order.sequential

    package init(owner: Owner, sets: [RangeSet]) {
        self.owner = owner
        self.sets = sets
    }
}

extension AddressStore {
    /// Gives the owner an address of each set, or none at all.
    ///
    /// - Throws: ``PoolError``; nothing is kept then.
    package mutating func allocate(_ request: AllocationRequest) throws(PoolError) -> [Allocation] {
        var allocations: [Allocation] = []
        do throws(PoolError) {
            var requested = request.requested
            for (number, set) in request.sets.enumerated() {
                let wanted = requested.firstIndex { set.range(of: $0) != nil }.map {
                    requested.remove(at: $0)
                }
                allocations.append(try allocate(request, set, number, wanted))
            }
            guard requested.isEmpty else { throw .unanswered(requested) }
            return allocations
        } catch {
            for allocation in allocations { giveBack(allocation.address.address, request.owner) }
            throw error
        }
    }

    private mutating func allocate(
        _ request: AllocationRequest, _ set: RangeSet, _ number: Int, _ wanted: IPAddress?
    ) throws(PoolError) -> Allocation {
        if let wanted { return try reserve(wanted, request, set, number) }
        if let present = try addresses(of: request.owner).first(where: { set.range(of: $0) != nil }) {
            throw .duplicate(present, owner: request.owner.containerID, number: number)
        }
        let last = request.order == .sequential ? lastReserved(number) : nil
        for stretch in set.stretches(request.order, after: last) {
            var next = stretch.first
            while let free = try firstFree(in: stretch, from: next) {
                if let made = try take(free, stretch.range, request.owner, number) { return made }
                guard free.value < stretch.last else { break }
                next = free.value + 1
            }
        }
        throw .exhausted(number: number, set: set.description)
    }

    private mutating func reserve(
        _ address: IPAddress, _ request: AllocationRequest, _ set: RangeSet, _ number: Int
    ) throws(PoolError) -> Allocation {
        guard let range = set.range(of: address) else { throw .unanswered([address]) }
        if set.ranges.contains(where: { $0.gateway == address }) {
            throw .reserved(address, reason: "subnet's gateway", number: number)
        }
        guard range.endOfExclusion(around: address.value) == nil else {
            throw .reserved(address, reason: "excluded", number: number)
        }
        guard let made = try take(address, range, request.owner, number) else {
            throw .taken(address, number: number, set: set.description)
        }
        return made
    }

    /// `nil` when somebody has the address.
    private mutating func take(
        _ address: IPAddress, _ range: AddressRange, _ owner: Owner, _ number: Int
    ) throws(PoolError) -> Allocation? {
        guard let whole = IPPrefix(address, length: range.subnet.length) else { return nil }
        do throws(SystemError) {
            guard try create(address, owner.record) else {
                try index.mark(address.indexNumber, isTaken: true)
                return nil
            }
            try setLastReserved(number, address)
            return Allocation(address: whole, gateway: range.gateway)
        } catch { throw .system(error) }
    }

    // On the way out with an error already; what stays is removed by DEL.
    private mutating func giveBack(_ address: IPAddress, _ owner: Owner) {
        do throws(SystemError) { try remove(address, owner.record) } catch { return }
    }

    /// The first address of the stretch, from number `start` on, which nobody has and which is not excluded.
    private mutating func firstFree(
        in stretch: Stretch, from start: UInt128
    ) throws(PoolError) -> IPAddress? {
        var number = start
        while number <= stretch.last {
            if let end = stretch.range.endOfExclusion(around: number) {
                guard end < stretch.last else { return nil }
                number = end + 1
                continue
            }
            let next: UInt128?
            do throws(SystemError) {
                next = try firstUntaken(in: stretch, from: number)
            } catch { throw .system(error) }
            guard let next, next <= stretch.last else { return nil }
            if next == number { return IPAddress(family: stretch.range.subnet.family, value: number) }
            number = next
        }
        return nil
    }

    /// The first number of the stretch, from `start` on, which nobody has as far as the bitmap reaches; behind it
    /// `start` itself, because there each file must be asked for.
    private mutating func firstUntaken(
        in stretch: Stretch, from start: UInt128
    ) throws(SystemError) -> UInt128? {
        let (range, shift) = (stretch.range, stretch.range.first.indexNumber - stretch.range.first.value)
        let bitmap = try index.bitmap(first: range.first.indexNumber, last: range.last.indexNumber)
        guard bitmap.covers(start + shift) else { return start }
        let end = min(stretch.last + shift, bitmap.first + UInt128(bitmap.count - 1))
        let clear = try index.firstClear(
            bitmap, from: Int(start + shift - bitmap.first), through: Int(end - bitmap.first))
        if let clear { return bitmap.first + UInt128(clear) - shift }
        return end - shift < stretch.last ? end - shift + 1 : nil
    }
}

extension AddressStore {
    /// The addresses the owner has; those without an interface in their file are everybody's of the container.
    package borrowing func addresses(of owner: Owner) throws(PoolError) -> [IPAddress] {
        do throws(SystemError) {
            return try addresses(of: owner.record) + addresses(of: owner.oldRecord)
        } catch { throw .system(error) }
    }

    /// Frees the addresses the owner has, and answers which they were. Having none is no error.
    @discardableResult
    package mutating func release(_ owner: Owner) throws(PoolError) -> [IPAddress] {
        do throws(SystemError) {
            for record in [owner.record, owner.oldRecord] {
                let found = try addresses(of: record)
                for address in found { try remove(address, record) }
                if !found.isEmpty { return found }
            }
            return []
        } catch { throw .system(error) }
    }

    /// Frees every address whose owner is not in `valid`, and answers which they were.
    ///
    /// - Throws: the first ``PoolError`` after everything was tried. CNI 1.1.0, section "GC".
    @discardableResult
    package mutating func collectGarbage(keeping valid: Set<Owner>) throws(PoolError) -> [IPAddress] {
        let containers = Set(valid.map(\.containerID))
        var freed: [IPAddress] = []
        var failure: SystemError?
        do throws(SystemError) {
            for stored in try Self.scan(directory, boot: boot) {
                let record = stored.record
                let isValid =
                    record.interface.map {
                        valid.contains(Owner(containerID: record.containerID, interface: $0))
                    } ?? containers.contains(record.containerID)
                if isValid { continue }
                do throws(SystemError) {
                    try remove(stored.address, record)
                    freed.append(stored.address)
                } catch { failure = failure ?? error }
            }
        } catch { failure = failure ?? error }
        if let failure { throw .system(failure) }
        return freed
    }

    /// Fails with the error an allocation without wishes would fail with because a set has no free address.
    package mutating func checkForFreeAddresses(_ sets: [RangeSet]) throws(PoolError) {
        for (number, set) in sets.enumerated() {
            var isFree = false
            for stretch in set.stretches(.lowest, after: nil) where !isFree {
                isFree = try firstFree(in: stretch, from: stretch.first) != nil
            }
            guard isFree else { throw .exhausted(number: number, set: set.description) }
        }
    }
}
