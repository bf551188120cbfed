import JSON
import Testing

@testable import OCISpec

/// Wrong documents must end in an error or a value, never in a trap: the runtime would die in the middle.
@Suite struct MutationTests {
    /// Values that like to overflow something.
    private static let values: [JSONValue] = [
        .null, .boolean(true), .integer(.min), .integer(.max), .unsigned(.max), .integer(-1), .integer(0),
        .integer(4_294_967_295), .integer(4_294_967_296), .integer(65535), .integer(1), .real(1e308),
        .real(-0.5),
        .string(""), .string("/"), .string("-"), .string(","), .string(":"), .string("B"), .string("0-1:/"),
        .string("é\n"), .string("=" + String(repeating: "x", count: 5000)), .array([]), .object([]),
        .array([.null]), .array([.object([])]), .object([.init("", .string(""))]),
    ]

    @Test func everyValueInEveryPlaceIsSurvived() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        var tried = 0
        for index in 0..<good.count {
            for value in Self.values {
                var place = index
                survive(good.replacing(&place, with: value))
                tried += 1
            }
        }
        #expect(tried > 8000)
    }

    @Test func everySmallMappingIsSurvived() throws {
        let numbers: [UInt32] = [0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF]
        for first in numbers {
            for size in numbers {
                for other in numbers {
                    let mappings = [
                        IDMapping(containerID: first, hostID: other, size: size),
                        IDMapping(containerID: other, hostID: first, size: 1),
                    ]
                    _ = try? IDMapping.validate(mappings, at: "")
                }
            }
        }
    }

    private func survive(_ value: JSONValue) {
        guard let decoded = try? Configuration(decoding: JSONReader(value)) else { return }
        _ = try? decoded.validate()
        let again = try? Configuration(decoding: JSONReader(decoded.json))
        #expect(again == decoded, "\(value.text.prefix(2000))")
    }
}

extension JSONValue {
    /// How many values stand in this one, itself included.
    fileprivate var count: Int {
        switch self {
        case .array(let values): values.reduce(1) { $0 + $1.count }
        case .object(let members): members.reduce(1) { $0 + $1.value.count }
        default: 1
        }
    }

    /// The value with the one at `place`, in the order of the text, replaced.
    fileprivate func replacing(_ place: inout Int, with new: JSONValue) -> JSONValue {
        place -= 1
        if place == -1 { return new }
        switch self {
        case .array(let values): return .array(values.map { $0.replacing(&place, with: new) })
        case .object(let members):
            return .object(members.map { .init($0.name, $0.value.replacing(&place, with: new)) })
        default: return self
        }
    }
}
