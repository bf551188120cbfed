internal import Netlink

/// A rule as the kernel lists it.
package struct ListedRule: Hashable, Sendable {
    package let table: String
    package let chain: String
    /// Empty when it has none.
    package let comment: String
    /// The kernel's names of its steps, for example `meta`, `cmp`, `masq`.
    package let steps: [String]

    init(_ answer: NetlinkAnswer) {
        let attributes = answer.attributes(after: 4)
        table = attributes.text(1) ?? ""
        chain = attributes.text(2) ?? ""
        comment = NFTables.comment(attributes[7])
        steps = attributes.nested(4).map { NetlinkAttributes($0.value).text(1) ?? "" }
    }
}

extension Chain {
    /// How the kernel lists the rules of this chain when they are as they should be.
    package func listed(in table: Table) -> [ListedRule] {
        rules.map { rule in
            ListedRule(
                table: table.name, chain: name, comment: rule.comment,
                steps: rule.expressions(in: table.family).map(\.name))
        }
    }
}

extension ListedRule {
    init(table: String, chain: String, comment: String, steps: [String]) {
        self.table = table
        self.chain = chain
        self.comment = comment
        self.steps = steps
    }
}

/// A chain which packets come to by themselves, as the kernel lists it.
package struct ListedHook: Hashable, Sendable {
    package let table: Table
    package let chain: String
    package let hook: Hook
    /// What befalls a packet which no rule decided on.
    package let drops: Bool

    init?(_ answer: NetlinkAnswer, _ family: Table.Family) {
        let attributes = answer.attributes(after: 4)
        let place = attributes.nested(4)
        guard let point = place.number(1, as: UInt32.self)?.bigEndian,
            let point = Hook.Point(rawValue: point),
            let priority = place.number(2, as: UInt32.self)?.bigEndian,
            let kind = attributes.text(7).flatMap(Hook.Kind.init)
        else { return nil }
        table = Table(family, attributes.text(1) ?? "")
        chain = attributes.text(3) ?? ""
        hook = Hook(kind, point, priority: Int32(bitPattern: priority))
        drops = attributes.number(5, as: UInt32.self)?.bigEndian == 0  // NF_DROP
    }
}

/// Reads the elements of one message.
func elements(_ answer: NetlinkAnswer, of set: ElementSet) -> [Element] {
    answer.attributes(after: 4).nested(3).compactMap { item in
        let attributes = NetlinkAttributes(item.value)
        guard let key = attributes.nested(1)[1], let values = unpacked(set.key, key) else { return nil }
        let end = attributes.nested(10)[1].flatMap { unpacked(set.key, $0) }
        let data = attributes.nested(2)[1].flatMap { unpacked(set.data, $0) } ?? []
        return Element(values, upTo: end, gives: data, comment: comment(attributes[6]))
    }
}

/// The comment in user data as nft(8) keeps it: type 0, length, text.
private func comment(_ data: ArraySlice<UInt8>?) -> String {
    var rest = data ?? []
    while rest.count >= 2 {
        let head = Array(rest.prefix(2))
        guard rest.count >= 2 + Int(head[1]) else { return "" }
        if head[0] == 0 { return rest.dropFirst(2).prefix(Int(head[1])).text }
        rest = rest.dropFirst(2 + Int(head[1]))
    }
    return ""
}
