import OCISpec
import Testing

@testable import Cgroups

private typealias Rule = Resources.DeviceRule

private func rule(
    _ allow: Bool, _ type: Rule.Kind = .all, _ major: Int64? = nil, _ minor: Int64? = nil,
    _ access: String = "rwm"
) -> Rule {
    var rule = Rule()
    rule.allow = allow
    rule.type = type
    rule.major = major
    rule.minor = minor
    rule.access = access
    return rule
}

/// The meaning of a list, word for word: for each access the last rule that matches decides, and none means no.
private func allows(_ rules: [Rule], _ request: DeviceRequest) -> Bool {
    func matches(_ rule: Rule, _ letter: Character) -> Bool {
        (rule.type == .all || rule.type.rawValue == request.kind.rawValue)
            && (rule.major ?? -1 == -1 || rule.major == Int64(request.major))
            && (rule.minor ?? -1 == -1 || rule.minor == Int64(request.minor))
            && (rule.access.isEmpty || rule.access.contains(letter))
    }
    return request.access.letters.allSatisfy { letter in rules.last { matches($0, letter) }?.allow ?? false }
}

private let defaults: [Rule] =
    [rule(true, .character, nil, nil, "m"), rule(true, .block, nil, nil, "m")]
    + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (10, 200)].map {
        rule(true, .character, $0.0, $0.1)
    }
    + [rule(true, .character, 136)]

/// Every combination of a few numbers around those of the rules.
private let requests: [DeviceRequest] = [DevicePattern.Kind.character, .block].flatMap { kind in
    [0, 1, 3, 5, 8, 136].flatMap { major in
        [0, 1, 2, 3, 200].flatMap { minor in
            (1...7).map {
                DeviceRequest(
                    kind: kind, major: major, minor: minor, access: DeviceAccess(rawValue: UInt8($0)))
            }
        }
    }
}

private let tables: [[Rule]] = [
    [],
    [rule(false)],
    [rule(true)],
    [rule(true), rule(false)],
    [rule(false), rule(true, .block, 8, 0, "r")],
    [rule(true), rule(false, .block, 8)],
    [rule(true), rule(false, .block, 8), rule(true, .block, 8)],
    [rule(true), rule(false, .all, 1, 3, "w")],
    [rule(false), rule(true, .character, 1, 3, "r"), rule(true, .character, 1, 3, "w")],
    [rule(true, .character, 5), rule(false, .character, nil, nil, "m")],
    [rule(false), rule(true, .all, 8, nil, "rw"), rule(false, .block, nil, 1)],
    [rule(true, .all, nil, nil, "m"), rule(false, .all, nil, nil, "rw")],
    [rule(true, .all, -1, -1), rule(false, .character, 1, -1, "")],
    [rule(true), rule(false, .block, 4_294_967_295, 0), rule(false, .block, 3_000_000_000)],
]

/// Repeatable chance.
private struct Chance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func rules() -> [Rule] {
        (0..<Int.random(in: 0...9, using: &self)).map { _ in
            rule(
                Bool.random(using: &self), [.all, .block, .character].randomElement(using: &self) ?? .all,
                [nil, nil, 1, 5, 8].randomElement(using: &self) ?? nil,
                [nil, nil, 0, 2, 3].randomElement(using: &self) ?? nil,
                ["rwm", "rwm", "r", "w", "m", "rw", ""].randomElement(using: &self) ?? "")
        }
    }
}

@Suite struct DeviceTests {
    @Test func theProgramDecidesAsTheRulesSay() throws {
        for table in tables { try compare(table) }
    }

    @Test func theProgramDecidesAsHundredsOfRandomRulesSay() throws {
        var chance = Chance(state: 0x9e37_79b9_7f4a_7c15)
        for _ in 0..<400 { try compare(chance.rules()) }
    }

    private func compare(_ table: [Rule]) throws {
        for withDefaults in [false, true] {
            let rules = try DeviceRules(table, withDefaults: withDefaults)
            let program = DeviceFilter(rules).instructions
            #expect(FilterMachine.isAcceptable(program), "\(table)")
            let meant = withDefaults ? table + defaults : table
            for request in requests {
                let decided = try FilterMachine.run(program, request)
                guard (decided != 0) != allows(meant, request) else { continue }
                Issue.record("\(request): the program says \(decided): \(meant)")
                return
            }
        }
    }

    @Test func theListOfLegacyDecidesAsTheRulesSay() throws {
        var chance = Chance(state: 42)
        var expressible = 0
        for table in tables + (0..<600).map({ _ in chance.rules() }) {
            guard let list = try? DeviceList(DeviceRules(table, withDefaults: false)) else { continue }
            expressible += 1
            var controller = LegacyController()
            apply(list.change(from: DeviceList(listing: controller.listing)), to: &controller)
            compare(controller, table)
        }
        #expect(expressible > 200, "the test compares too little")
    }

    /// v1 wants one exception which has all letters of a request; rules may give them one by one.
    private func compare(_ controller: LegacyController, _ table: [Rule]) {
        for request in requests {
            let meant = allows(table, request)
            let single = request.access.letters.count == 1
            let decided = controller.allows(request)
            if decided == meant || (!single && !decided) { continue }
            Issue.record("\(request): the list says \(decided): \(table)")
            return
        }
    }

    private func apply(_ change: DeviceList.Change, to controller: inout LegacyController) {
        if change.allowsFirst { for line in change.allowed { controller.write(line, allowing: true) } }
        for line in change.denied { controller.write(line, allowing: false) }
        if !change.allowsFirst { for line in change.allowed { controller.write(line, allowing: true) } }
    }

    @Test func aChangeTouchesNothingThatStays() throws {
        let old = try DeviceList(DeviceRules([rule(false), rule(true, .block, 8, 0, "rw")]))
        let new = try DeviceList(
            DeviceRules([rule(false), rule(true, .block, 8, 0, "r"), rule(true, .block, 8, 1)]))
        let change = new.change(from: old)
        #expect(change.allowed == ["b 8:1 rwm"] && change.denied == ["b 8:0 w"] && change.allowsFirst)
        #expect(new.change(from: new) == DeviceList.Change(allowsFirst: true))
    }

    @Test func whatLegacyCannotExpressIsAnError() throws {
        let rules = try DeviceRules(
            [rule(false), rule(true, .block, 8), rule(false, .block, 8, 1)], withDefaults: false)
        let error = #expect(throws: CgroupError.self) { try DeviceList(rules) }
        #expect(error?.description.contains("b 8:1 rwm") == true)
        #expect(throws: Never.self) { DeviceFilter(rules) }
    }

    @Test func allowingEverythingNeedsNoProgram() throws {
        #expect(try DeviceRules([rule(true)]).allowsEverything)
        #expect(try DeviceRules([rule(false), rule(true)]).allowsEverything)
        #expect(try DeviceRules([rule(true), rule(false, .block, 8), rule(true, .block)]).allowsEverything)
        #expect(try !DeviceRules([]).allowsEverything)
        #expect(
            try !DeviceRules([rule(true), rule(false, .block, 8, 0, "m")], withDefaults: false)
                .allowsEverything)
    }

    @Test func theUsualProgramIsShort() throws {
        #expect(try DeviceFilter(DeviceRules([rule(false)])).instructions.count <= 68)
    }

    @Test(arguments: ["x", "rwx", "R"]) func unknownLettersAreAnError(_ access: String) {
        let error = #expect(throws: CgroupError.self) {
            try DeviceRules([rule(true), rule(true, .all, 1, 1, access)])
        }
        #expect(error?.description.hasPrefix("linux.resources.devices[1].access:") == true)
    }

    @Test(arguments: [-2, 4_294_967_296] as [Int64]) func unknownNumbersAreAnError(_ number: Int64) {
        #expect(throws: CgroupError.self) { try DeviceRules([rule(true, .block, number)]) }
    }
}
