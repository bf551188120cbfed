import Addressing
import JSON

@testable import Resolver

/// What containers ask and servers answer, and the records of names. The first byte says which.
func testNames(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let rest = Array(input.dropFirst())
    switch first % 3 {
    case 0: testQuestion(rest)
    case 1: testReply(rest)
    default: testRecord(rest)
    }
}

private func testQuestion(_ message: [UInt8]) {
    switch example.directory.decide(message, of: example.asker) {
    case .answer(let answer):
        require(answer.count <= 4096 + 12, "an answer of \(answer.count) bytes")
        require(answer.prefix(2) == message.prefix(2), "an answer with another number")
        require(answer[2] & 0x80 != 0, "an answer which is a question")
    case .forward(let query):
        require(query.bytes == message, "another question is passed on")
        require(
            query.response(.serverFailure).count <= message.count, "a refusal is longer than the question")
        require(DomainName(wire: query.name.wire).labels.count < 128, "\(query.name)")
    case .ignore: require(message.count < 12 || message[2] & 0x80 != 0, "a question is ignored")
    }
}

private func testReply(_ message: [UInt8]) {
    guard let query = try? Query(Query.question("www.example.org", .a, id: 7)) else { return }
    guard case .answer(let answer) = query.verdict(on: message, id: 0x6161) else { return }
    require(answer.count == message.count, "an answer of another length")
    require(Array(answer.prefix(2)) == [0, 7], "an answer under another number")
}

private func testRecord(_ text: [UInt8]) {
    guard let value = try? JSONValue(parsing: text), let record = try? NameRecord(JSONReader(value)) else {
        return
    }
    require((try? NameRecord(JSONReader(record.json))) == record, "a record is read differently")
    var directory = NameDirectory()
    directory.update("file", record)
    directory.update("file", nil)
    require(directory.files.isEmpty, "a record stays")
    require(directory.decide(Query.question("web", .a, id: 7), of: Asker([record])) != .ignore, "no decision")
}

/// Made once: it costs more than what is tested.
private let example: (directory: NameDirectory, asker: Asker) = {
    var web = NameRecord(
        network: "blue", containerID: "c", interface: "eth0", namespace: "/n", names: ["web", "www"],
        addresses: ["10.0.0.2", "fd00::2"].compactMap { IPAddress($0) })
    web.links = ["db": "web"]
    let other = NameRecord(
        network: "blue", containerID: "d", interface: "eth0", namespace: "/m", names: ["www"],
        addresses: (3...80).compactMap { IPAddress("10.0.0.\($0)") })
    var directory = NameDirectory()
    for record in [web, other] { directory.update(record.fileName, record) }
    return (directory, Asker([web, other]))
}()
