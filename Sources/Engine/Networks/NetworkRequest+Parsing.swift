internal import Addressing

extension NetworkRequest {
    /// The flags of `network create` as typed.
    package struct Words: Hashable, Sendable {
        package var subnets: [String] = []
        package var gateways: [String] = []
        package var ranges: [String] = []
        package var auxiliary: [String] = []
        package var options: [String] = []
        package var labels: [String] = []
        package var addressOptions: [String] = []

        package init() {}
    }

    /// Takes what was typed.
    package mutating func read(_ words: Words) throws(EngineError) {
        subnets = try words.subnets.map { (text) throws(EngineError) in try Self.prefix(text) }
        ranges = try words.ranges.map { (text) throws(EngineError) in try Self.prefix(text) }
        gateways = try words.gateways.map { (text) throws(EngineError) in try Self.address(text) }
        for (name, value) in try Self.pairs(words.auxiliary, "--aux-address") {
            auxiliary[name] = try Self.address(value)
        }
        options = try Self.pairs(words.options, "--opt")
        addressOptions = try Self.pairs(words.addressOptions, "--ipam-opt")
        labels = try Self.pairs(words.labels, nil)
    }

    private static func prefix(_ text: String) throws(EngineError) -> IPPrefix {
        guard let prefix = IPPrefix(text) else {
            throw EngineError("invalid CIDR address: \(text)", .invalid)
        }
        return prefix
    }

    private static func address(_ text: String) throws(EngineError) -> IPAddress {
        guard let address = IPAddress(text) else {
            throw EngineError("invalid IP address: \(text)", .invalid)
        }
        return address
    }

    /// `NAME=VALUE` each; a label may have no value, for which `flag` is `nil`.
    private static func pairs(_ words: [String], _ flag: String?) throws(EngineError) -> [String: String] {
        var pairs: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard !parts[0].isEmpty, parts.count == 2 || flag == nil else {
                throw EngineError(
                    "invalid value \"\(word)\" for \(flag ?? "--label"): it is NAME=VALUE", .invalid)
            }
            pairs[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
        }
        return pairs
    }
}
