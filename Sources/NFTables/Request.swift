internal import Netlink

/// A change of the ruleset: one command of nft(8). Several make a transaction.
package struct Request: Hashable, Sendable {
    let message: NetlinkMessage

    /// Adds a table, unless it is there. `nft add table`.
    package static func addTable(_ table: Table) -> Request {
        var message = begin(.newTable, [.create], table, "add table \(table)")
        message.put(1, table.name)
        message.putBig([(2, 0)])
        return Request(message: message)
    }

    /// Deletes a table and all that is in it. `nft delete table`.
    ///
    /// The kernel answers `ENOENT` when there is none.
    package static func deleteTable(_ table: Table) -> Request {
        var message = begin(.deleteTable, [], table, "delete table \(table)")
        message.put(1, table.name)
        return Request(message: message)
    }

    /// Adds a set or map, unless it is there. `nft add set`.
    ///
    /// The kernel answers `EEXIST` when there is one of other types.
    /// `number`: any which no other set of the transaction has.
    package static func addSet(_ set: ElementSet, to table: Table, number: UInt32) -> Request {
        var message = begin(.newSet, [.create], table, "add set \(table) \(set.name)")
        message.put(1, table.name)
        message.put(2, set.name)
        message.putBig([(3, set.flags), (4, set.key.number), (5, UInt32(set.key.size))])
        if !set.data.isEmpty { message.putBig([(6, set.data.number), (7, UInt32(set.data.size))]) }
        message.putBig([(10, number)])
        if set.hasRanges {
            // NFTA_SET_DESC_CONCAT: the bytes of each part.
            message.nest(9) { description in
                description.nest(2) { list in
                    for type in set.key { list.nest(1) { $0.putBig([(1, UInt32(type.size))]) } }
                }
            }
        }
        // What nft(8) reads to show the values rightly: byte orders of keys and data.
        let orders = [set.key.byteOrder] + (set.data.isEmpty ? [] : [set.data.byteOrder])
        message.put(13, orders.enumerated().flatMap { [UInt8($0.offset), 4] + bytes($0.element) })
        return Request(message: message)
    }

    /// Adds a chain without its rules, unless it is there. `nft add chain`.
    package static func addChain(_ chain: Chain, to table: Table) -> Request {
        var message = begin(.newChain, [.create], table, "add chain \(table) \(chain.name)")
        message.put(1, table.name)
        message.put(3, chain.name)
        if let hook = chain.hook {
            message.put(7, hook.kind.rawValue)
            message.putBig([(5, 1)])  // NF_ACCEPT
            message.nest(4) {
                $0.putBig([(1, hook.point.rawValue), (2, UInt32(bitPattern: hook.priority))])
            }
        }
        return Request(message: message)
    }

    /// Adds a rule at the end of a chain. `nft add rule`.
    package static func addRule(_ rule: Rule, to chain: String, of table: Table) -> Request {
        var message = begin(
            .newRule, [.create, .append], table, "add rule \(table) \(chain) comment \"\(rule.comment)\"")
        message.put(1, table.name)
        message.put(2, chain)
        message.nest(4) { list in
            for expression in rule.expressions(in: table.family) {
                list.nest(1) { expression.put(into: &$0) }
            }
        }
        message.put(7, userData(rule.comment))
        return Request(message: message)
    }

    /// Deletes all rules of all chains. `nft flush table`.
    package static func deleteRules(of table: Table) -> Request {
        var message = begin(.deleteRule, [], table, "flush table \(table)")
        message.put(1, table.name)
        return Request(message: message)
    }

    /// Adds an element. `nft create element`.
    ///
    /// The kernel answers `EEXIST` when the key is taken, `ENOENT` when there is no such set.
    package static func addElement(_ element: Element, to set: ElementSet, of table: Table) -> Request {
        elements(.newElement, [.create, .exclusive], element, set, table, verb: "create")
    }

    /// Deletes the element with this key. `nft delete element`.
    ///
    /// The kernel answers `ENOENT` when there is none.
    package static func deleteElement(_ key: ElementKey) -> Request {
        elements(.deleteElement, [], Element(key.values, upTo: key.end), key.set, key.table, verb: "delete")
    }

    /// Asks for the element with this key.
    static func findElement(_ key: ElementKey) -> Request {
        elements(
            .getElement, [.acknowledge], Element(key.values, upTo: key.end), key.set, key.table, verb: "get")
    }

    private static func elements(
        _ type: MessageType, _ flags: NetlinkMessage.Flags, _ element: Element, _ set: ElementSet,
        _ table: Table, verb: String
    ) -> Request {
        var message = begin(type, flags, table, "\(verb) element \(table) \(set.name) { \(element) }")
        message.put(1, table.name)
        message.put(2, set.name)
        message.nest(3) { list in
            list.nest(1) { item in
                item.nest(1) { $0.put(1, packed(element.key)) }
                if let end = element.end { item.nest(10) { $0.put(1, packed(end)) } }
                if !element.data.isEmpty { item.nest(2) { $0.put(1, packed(element.data)) } }
                if !element.comment.isEmpty { item.put(6, userData(element.comment)) }
            }
        }
        return Request(message: message)
    }
}

/// A comment as nft(8) keeps it: type 0, length, text with its final zero.
private func userData(_ comment: String) -> [UInt8] {
    let text = comment.utf8.prefix(254)
    return [0, UInt8(text.count + 1)] + text + [0]
}

/// C: `NFT_MSG_*`.
enum MessageType: UInt16 {
    case newTable = 0
    case deleteTable = 2
    case newChain = 3
    case getChain = 4
    case newRule = 6
    case getRule = 7
    case deleteRule = 8
    case newSet = 9
    case newElement = 12
    case getElement = 13
    case deleteElement = 14
    case getGeneration = 16

    /// With the subsystem, as it stands in a message.
    var number: UInt16 { 10 << 8 | rawValue }
}

/// Begins a message about a table, or about all of a family.
func begin(
    _ type: MessageType, _ flags: NetlinkMessage.Flags, _ table: Table, _ request: String
) -> NetlinkMessage {
    // C: `struct nfgenmsg`.
    NetlinkMessage(
        type.number, flags.union(.request), header: [table.family.rawValue, 0, 0, 0], request: request)
}
