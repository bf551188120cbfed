package import Addressing
internal import Kernel

/// The subnets networks got out of pools: the file `subnets` in the directory of each, one in a line.
///
/// It outlives the network's last container and a reboot, and goes with the directory.
package struct SubnetMemory: Sendable {
    private let place: AddressStore.Place
    private static let name = "subnets"

    package init(_ place: AddressStore.Place) { self.place = place }

    /// The network's subnets; of the families which have none yet, the first free one of the pools.
    ///
    /// `taken`: what else must be avoided, for example the host's routes; asked for only when something is chosen.
    package func subnets(
        _ pools: [SubnetPool], avoiding taken: () throws(PoolError) -> [IPPrefix]
    ) throws(PoolError) -> [IPPrefix] {
        if let known = complete(pools) { return known }
        do throws(SystemError) { try makeDirectories(place.path, mode: 0o755) } catch { throw .system(error) }
        let lock = try lock()
        defer { _ = lock }  // held to here
        if let known = complete(pools) { return known }
        let chosen = try choose(pools, avoiding: try taken())
        do throws(SystemError) { try save(chosen) } catch { throw .system(error) }
        return chosen
    }

    /// What ``subnets(_:avoiding:)`` would answer; nothing is kept.
    package func preview(
        _ pools: [SubnetPool], avoiding taken: () throws(PoolError) -> [IPPrefix]
    ) throws(PoolError) -> [IPPrefix] {
        if let known = complete(pools) { return known }
        return try choose(pools, avoiding: try taken())
    }

    /// The subnets the network has already.
    package func remembered() -> [IPPrefix] { remembered(place.path) }

    private func complete(_ pools: [SubnetPool]) -> [IPPrefix]? {
        let known = remembered(place.path)
        let families = Set(known.map(\.family))
        return pools.allSatisfy { families.contains($0.base.family) } ? known : nil
    }

    /// What is remembered in a network's directory, in the order it was chosen.
    private func remembered(_ directory: String) -> [IPPrefix] {
        do throws(SystemError) {
            // What is no file holds nobody up: a pipe that nobody writes to would, if its opening were waited for.
            let file = try FileDescriptor.open("\(directory)/\(Self.name)", .nonBlocking)
            guard try file.status().kind == .regular else { return [] }
            return String(decoding: try file.readAll(), as: UTF8.self).split(separator: "\n").compactMap {
                IPPrefix($0)
            }
        } catch { return [] }
    }

    private func choose(
        _ pools: [SubnetPool], avoiding taken: [IPPrefix]
    ) throws(PoolError) -> [IPPrefix] {
        var subnets = remembered(place.path)
        var avoided: [IPPrefix]?
        for family in [IPAddress.Family.v4, .v6] where !subnets.contains(where: { $0.family == family }) {
            let pools = pools.filter { $0.base.family == family }
            if pools.isEmpty { continue }
            let obstacles = avoided ?? (taken + otherNetworks())
            avoided = obstacles
            guard let free = pools.lazy.compactMap({ $0.firstFree(avoiding: obstacles) }).first else {
                throw .noSubnet(family: family)
            }
            subnets.append(free)
        }
        return subnets
    }

    /// What other networks of the data directory have: subnets out of pools, and single addresses of those with
    /// subnets of their own.
    private func otherNetworks() -> [IPPrefix] {
        var found: [IPPrefix] = []
        for entry in entries(place.dataDirectory) where entry.isDirectory && entry.name != place.network {
            let directory = "\(place.dataDirectory)/\(entry.name)"
            let subnets = remembered(directory)
            found += subnets
            for file in entries(directory) where !file.isDirectory {
                guard let address = IPAddress(file.name), !subnets.contains(where: { $0.contains(address) })
                else { continue }
                found.append(IPPrefix(host: address))
            }
        }
        return found
    }

    // A directory which is removed meanwhile has nothing to avoid.
    private func entries(_ path: String) -> [DirectoryEntry] {
        do throws(SystemError) {
            return try FileDescriptor.open(path, .directory).entries()
        } catch { return [] }
    }

    /// One network at a time chooses.
    private func lock() throws(PoolError) -> FileLock {
        do throws(SystemError) {
            guard let lock = try FileLock.take(place.dataDirectory, wait: true) else {
                throw SystemError(call: "flock", subject: place.dataDirectory, errno: .tryAgain)
            }
            return lock
        } catch { throw .system(error) }
    }

    private func save(_ subnets: [IPPrefix]) throws(SystemError) {
        let directory = try FileDescriptor.open(place.path, .directory)
        let temporary = ".\(Self.name)"
        let file = try directory.open(
            below: temporary, [.writeOnly, .create, .truncate, .noFollow], mode: 0o644)
        try file.write(subnets.map { "\($0)\n" }.joined())
        // Once in a network's life: it must be there after a power failure, when its bridge and routes are not.
        try file.synchronize()
        try directory.renameFile(temporary, to: Self.name)
    }
}
