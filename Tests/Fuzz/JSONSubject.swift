import Glibc
import JSON
import JanssonOracle

/// The JSON door: the same opinion as jansson, what is written is read back, time in proportion to length.
func testJSON(_ input: [UInt8]) {
    let (strict, forgiving) = (reading(input, .strict), reading(input, .forgiving))
    require(strict == nil || forgiving != nil, "only the strict dialect takes it")
    let sum = checksum(input)
    if let strict, strict == forgiving {
        // Read the same by both: one of them is examined, for one input this one and for another that.
        examine(strict, sum >> 32 & 1 == 0 ? .strict : .forgiving, sum)
    } else {
        if let strict { examine(strict, .strict, sum) }
        if let forgiving { examine(forgiving, .forgiving, sum) }
    }
    if let strict, sum % 16384 == 0 { requireLinearTime(strict) }
}

/// What the input is read as; `nil` when it is refused.
private func reading(_ input: [UInt8], _ dialect: JSONDialect) -> JSONValue? {
    if case .disagreement(let what) = JanssonOracle.verdict(on: input, as: dialect) {
        fatalError("\(dialect): \(what)")
    }
    return try? JSONValue(parsing: input, as: dialect)
}

private func examine(_ value: JSONValue, _ dialect: JSONDialect, _ sum: UInt64) {
    requireRoundTrip(value, dialect)
    var turn = Int(sum >> 40)
    visit(JSONReader(value, as: dialect), dialect, &turn)
}

/// What is written on one line or on many is read as the same, and written as the same again.
func requireRoundTrip(_ value: JSONValue, _ dialect: JSONDialect) {
    let text = value.text
    for written in [text, value.prettyText(indent: " ")] {
        guard let back = try? JSONValue(parsing: Array(written.utf8), as: dialect) else {
            fatalError("what is written cannot be read: \(written)")
        }
        require(back == value, "read back differently: \(written)")
        require(back.text.utf8.elementsEqual(text.utf8), "written differently the second time: \(text)")
    }
}

/// Asks for all members and elements, and in every place for some of the scalars, others in the next one: an error says where it is, which
/// takes longer than all the rest.
private func visit(_ reader: JSONReader, _ dialect: JSONDialect, _ turn: inout Int) {
    for step in [0, scalars.count / 2] { _ = try? scalars[(turn + step) % scalars.count](reader) }
    turn += 1
    for member in (try? reader.members()) ?? [] {
        let found = try? reader.optional(member.name)
        // In the forgiving dialect another spelling of the name may come later, and be null.
        require(found?.value == member.value.value || dialect == .forgiving, "not found by its name")
        visit(member.value, dialect, &turn)
    }
    for element in (try? reader.elements()) ?? [] { visit(element, dialect, &turn) }
}

private let scalars: [@Sendable (JSONReader) throws -> Void] = [
    { _ = try $0.string() }, { _ = try $0.boolean() }, { _ = try $0.integer() }, { _ = try $0.unsigned() },
    { _ = try $0.uint16() }, { _ = try $0.integer(in: -1...9) }, { _ = try $0.strings() },
    { _ = try $0.stringMap() }, { _ = $0.path },
]

/// Reads and writes the value many times over in one text, in the shapes in which a square would show.
private func requireLinearTime(_ value: JSONValue) {
    let count = max(2, 200_000 / (value.text.utf8.count + 8))
    let shapes: [JSONValue] = [
        .array([JSONValue](repeating: value, count: count)),
        .object((0..<count).map { .init("k\($0)", value) }),
        .string(String(repeating: value.text, count: count)),
    ]
    for shape in shapes {
        let text = Array(shape.text.utf8)
        let start = processorTime()
        for dialect in [JSONDialect.strict, .forgiving] {
            guard let back = try? JSONValue(parsing: text, as: dialect) else { continue }
            _ = back.prettyText().utf8.count
            let reader = JSONReader(back, as: dialect)
            _ = (try? reader.members().count) ?? (try? reader.elements().count)
        }
        let seconds = processorTime() - start
        require(seconds < 4, "\(seconds) s of processor time for \(text.count) bytes")
    }
}

private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// FNV-1a: which inputs get the expensive checks must not change from run to run.
func checksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
