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
        if let known = try complete(pools) { return known }
        try PoolError.step { () throws(SystemError) in try makeDirectories(place.path, mode: 0o755) }
        let lock = try lock()
        defer { _ = lock }  // held to here
        if let known = try complete(pools) { return known }
        let chosen = try choose(pools, avoiding: try taken())
        try PoolError.step { () throws(SystemError) in try save(chosen) }
        return chosen
    }

    /// What ``subnets(_:avoiding:)`` would answer; nothing is kept.
    package func preview(
        _ pools: [SubnetPool], avoiding taken: () throws(PoolError) -> [IPPrefix]
    ) throws(PoolError) -> [IPPrefix] {
        if let known = try complete(pools) { return known }
        return try choose(pools, avoiding: try taken())
    }

    /// The subnets the network has already.
    package func remembered() throws(PoolError) -> [IPPrefix] {
        try PoolError.step { () throws(SystemError) in try remembered(place.path) }
    }

    private func complete(_ pools: [SubnetPool]) throws(PoolError) -> [IPPrefix]? {
        let known = try remembered()
        let families = Set(known.map(\.family))
        return pools.allSatisfy { families.contains($0.base.family) } ? known : nil
    }

    /// What is remembered in a network's directory, in the order it was chosen.
    ///
    /// Only what is not there is no subnet: upon any other answer one would be chosen anew, beside containers that have the old.
    private func remembered(_ directory: String) throws(SystemError) -> [IPPrefix] {
        do throws(SystemError) {
            // What is no file holds nobody up: a pipe that nobody writes to would, if its opening were waited for.
            let file = try FileDescriptor.open("\(directory)/\(Self.name)", .nonBlocking)
            guard try file.status().kind == .regular else { return [] }
            return String(decoding: try file.readAll(), as: UTF8.self).split(separator: "\n").compactMap {
                IPPrefix($0)
            }
        } catch {
            guard Self.isAbsence(error) else { throw error }
            return []
        }
    }

    private static func isAbsence(_ error: SystemError) -> Bool {
        [.noEntity, .notDirectory].contains(error.errno)
    }

    private func choose(
        _ pools: [SubnetPool], avoiding taken: [IPPrefix]
    ) throws(PoolError) -> [IPPrefix] {
        var subnets = try remembered()
        var avoided: [IPPrefix]?
        for family in [IPAddress.Family.v4, .v6] where !subnets.contains(where: { $0.family == family }) {
            let pools = pools.filter { $0.base.family == family }
            if pools.isEmpty { continue }
            let obstacles: [IPPrefix]
            if let avoided { obstacles = avoided } else { obstacles = taken + (try otherNetworks()) }
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
    private func otherNetworks() throws(PoolError) -> [IPPrefix] {
        try PoolError.step { () throws(SystemError) in
            var found: [IPPrefix] = []
            // Not every file system tells what is a directory: what is none holds nothing.
            for name in try names(in: place.dataDirectory) where name != place.network {
                found += try reserved(in: "\(place.dataDirectory)/\(name)")
            }
            return found
        }
    }

    /// The subnets of a network's directory, and the addresses in none of them.
    private func reserved(in directory: String) throws(SystemError) -> [IPPrefix] {
        let subnets = try remembered(directory)
        let addresses = try names(in: directory).compactMap { IPAddress($0) }
            .filter { address in !subnets.contains { $0.contains(address) } }
        return subnets + addresses.map { IPPrefix(host: $0) }
    }

    // A directory which is removed meanwhile has nothing to avoid.
    private func names(in directory: String) throws(SystemError) -> [String] {
        do throws(SystemError) { return try listDirectory(directory) } catch {
            guard Self.isAbsence(error) else { throw error }
            return []
        }
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
        // Once in a network's life: it must be there after a power failure, when its bridge and routes are not.
        try replaceFile(
            "\(place.path)/\(Self.name)", Array(subnets.map { "\($0)\n" }.joined().utf8), mode: 0o644,
            draft: "\(place.path)/.\(Self.name)")
    }
}
