import JSON

/// The document with one of its values changed; `nil` when it is none.
func mutatedJSON(_ input: [UInt8], _ lottery: inout Lottery) -> [UInt8]? {
    guard let value = try? JSONValue(parsing: input, as: .forgiving) else { return nil }
    var places: [JSONValue] = []
    collect(value, into: &places)
    var number = 0
    let changed = change(value, lottery.below(places.count), &number, places, &lottery)
    return Array(changed.text.utf8)
}

private func collect(_ value: JSONValue, into places: inout [JSONValue]) {
    places.append(value)
    switch value {
    case .array(let values): for value in values { collect(value, into: &places) }
    case .object(let members): for member in members { collect(member.value, into: &places) }
    default: break
    }
}

/// Numbers places in the order of ``collect(_:into:)``; number `target` becomes another.
private func change(
    _ value: JSONValue, _ target: Int, _ number: inout Int, _ places: [JSONValue], _ lottery: inout Lottery
) -> JSONValue {
    let own = number
    number += 1
    if own == target { return replacement(of: value, places, &lottery) }
    guard own < target else { return value }
    switch value {
    case .array(let values):
        return .array(values.map { change($0, target, &number, places, &lottery) })
    case .object(let members):
        return .object(
            members.map { .init($0.name, change($0.value, target, &number, places, &lottery)) })
    default: return value
    }
}

private func replacement(
    of value: JSONValue, _ places: [JSONValue], _ lottery: inout Lottery
) -> JSONValue {
    let other = lottery.below(2) == 0 ? lottery.pick(places) : lottery.pick(interesting)
    switch (value, lottery.below(4)) {
    case (.array(var values), 1...):
        if lottery.below(2) == 0 || values.isEmpty {
            values.append(other)
        } else {
            values.remove(at: lottery.below(values.count))
        }
        return .array(values)
    case (.object(var members), 1...):
        changeMembers(&members, other, &lottery)
        return .object(members)
    case (.string(let text), 1...): return .string(changed(text, &lottery))
    case (.integer(let number), 1...):
        return .integer(lottery.pick([number &+ 1, number &- 1, 0 &- number, number &* 2, number << 32]))
    default: return other
    }
}

private func changeMembers(
    _ members: inout [JSONValue.Member], _ other: JSONValue, _ lottery: inout Lottery
) {
    guard !members.isEmpty else { return members.append(.init("", other)) }
    let index = lottery.below(members.count)
    switch lottery.below(4) {
    case 0: members.remove(at: index)
    case 1: members[index] = .init(members[index].name, other)
    case 2: members[index] = .init(lottery.pick(members).name.uppercased(), members[index].value)
    default: members.append(.init(members[index].name, other))
    }
}

private func changed(_ text: String, _ lottery: inout Lottery) -> String {
    var scalars = Array(text.unicodeScalars)
    guard !scalars.isEmpty else { return lottery.pick(["0", "a", "\u{e9}", "/"]) }
    let index = lottery.below(scalars.count)
    switch lottery.below(4) {
    case 0: scalars.remove(at: index)
    case 1: scalars.insert(lottery.pick(scalars), at: index)
    case 2: scalars.insert(contentsOf: scalars, at: index)
    default: scalars[index] = lottery.pick(Array("0159afz/:.,-_=; \n\u{301}\u{fffd}\u{1}".unicodeScalars))
    }
    return String(String.UnicodeScalarView(scalars))
}

/// Values which lie at the edge of something.
private let interesting: [JSONValue] =
    [0, -1, 1, 65535, 65536, 4_294_967_295, 4_294_967_296, .max, .min].map(JSONValue.integer)
    + ["1e400", "1.5", "-0.0", "99999999999999999999"].map(JSONValue.verbatim)
    + [.null, .boolean(true), .boolean(false), .array([]), .object([]), .unsigned(.max)]
    + [
        "", "0.1.0", "0.2.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0", "10.1.0.0/16", "fd00::/64", "::", "0.0.0.0",
        "255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "0.0.0.0/0", "::/0",
        "::ffff:10.1.0.1",
        "10.1.0.1-10.1.0.9", "02:42:0a:00:00:02", "..", "a\u{0}b", "eth0", "*", "\u{feff}",
    ].map(JSONValue.string)
