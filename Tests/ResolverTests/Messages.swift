import Addressing
import Testing

@testable import Resolver

/// A record as a test wants it.
func record(
    _ names: [String], _ addresses: String..., on network: String = "blue", of container: String? = nil,
    at interface: String = "eth0"
) throws -> NameRecord {
    NameRecord(
        network: network, containerID: container ?? names[0], interface: interface,
        namespace: "/run/netns/\(container ?? names[0])", names: names,
        addresses: try addresses.map { try #require(IPAddress($0)) })
}

/// A directory with these records, each under the name of its file.
func directory(_ records: NameRecord...) -> NameDirectory {
    var directory = NameDirectory()
    for record in records { directory.update(record.fileName, record) }
    return directory
}

/// An answer, read by hand: nothing of the code under test takes it apart.
struct Answer: Hashable {
    let id: Int
    let flags: Int
    /// The code in the last four bits of the flags.
    var code: Int { flags & 0xF }
    let questions: Int
    /// Type, lifetime and data of each answer.
    let records: [Record]
    let additional: Int

    struct Record: Hashable {
        let type: Int
        let lifetime: Int
        let data: [UInt8]
    }

    init(_ bytes: [UInt8]) throws {
        func number(_ offset: Int, _ count: Int = 2) throws -> Int {
            try #require(offset + count <= bytes.count)
            return bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
        }
        func afterName(_ start: Int) throws -> Int {
            var place = start
            while true {
                let length = try number(place, 1)
                if length == 0 { return place + 1 }
                if length >= 0xC0 { return place + 2 }
                place += length + 1
            }
        }
        (id, flags) = (try number(0), try number(2))
        (questions, additional) = (try number(4), try number(10))
        var place = 12
        for _ in 0..<questions { place = try afterName(place) + 4 }
        var records: [Record] = []
        for _ in 0..<(try number(6)) {
            let fixed = try afterName(place)
            let length = try number(fixed + 8)
            let data = Array(bytes[fixed + 10..<fixed + 10 + length])
            records.append(Record(type: try number(fixed), lifetime: try number(fixed + 4, 4), data: data))
            place = fixed + 10 + length
        }
        self.records = records
    }

    /// The answers which are addresses.
    var addresses: [String] { records.compactMap { IPAddress(octets: $0.data).map { "\($0)" } } }

    /// The first answer which is a name.
    var name: String? { records.first.map { DomainName(wire: $0.data.dropLast()).description } }
}

extension NameDirectory {
    /// The answer `asker` gets for a question.
    func answer(_ name: String, _ type: QuestionType, _ asker: Asker, limit: Int? = nil) throws -> Answer {
        guard case .answer(let bytes) = decide(Query.question(name, type, id: 7), of: asker, limit: limit)
        else {
            throw NoAnswer()
        }
        return try Answer(bytes)
    }

    /// Whether the question goes to an upstream server.
    func forwards(_ name: String, _ type: QuestionType, _ asker: Asker) -> Bool {
        guard case .forward = decide(Query.question(name, type, id: 7), of: asker) else { return false }
        return true
    }

    struct NoAnswer: Error {}
}
