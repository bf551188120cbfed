/// How many descriptors the clients of published ports may take: all containers share the daemon, and nobody's idle clients keep the
/// others from their names.
final class ClientBudget {
    private let total: Int
    /// Of the clients of one port.
    private let share: Int
    private var taken = 0

    /// As many clients of one port as Docker's proxy would rarely see.
    private static let mostOfPort = 8192

    /// `limit`: how many descriptors the daemon may have. Half of them are left for everything else.
    init(limit: Int) {
        total = limit / 2
        share = min(Self.mostOfPort, total / 4)
    }

    /// Takes `count` descriptors for a client of a port whose other clients have `others`; false when there are none left.
    func take(_ count: Int, beside others: Int) -> Bool {
        guard others + count <= share, taken + count <= total else { return false }
        taken += count
        return true
    }

    func give(_ count: Int) { taken -= count }
}
