import Foundation
import Kernel
import Testing

/// Who is told that a file has gone does not have to look.
@Suite struct DepartureTests {
    @Test func filesThatLeaveAreTold() throws {
        let top = FileManager.default.temporaryDirectory.appending(path: "departures-\(UUID().uuidString)")
        let (directory, other) = (top.appending(path: "d"), top.appending(path: "e"))
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: top) }
        let watch = try DepartureWatch()
        let number = try watch.add(directory.path)
        #expect(try watch.add(directory.path) == number)
        for name in ["one", "two", "stays"] { try Data().write(to: directory.appending(path: name)) }
        try FileManager.default.removeItem(at: directory.appending(path: "one"))
        try FileManager.default.moveItem(at: directory.appending(path: "two"), to: other)
        #expect(
            DepartureWatch.departures(in: try watch.events.read(upTo: 4096)) == [
                .departed(name: "one", directory: number), .departed(name: "two", directory: number),
            ])
        try FileManager.default.removeItem(at: directory)
        #expect(
            DepartureWatch.departures(in: try watch.events.read(upTo: 4096)) == [
                .departed(name: "stays", directory: number), .ended(directory: number),
            ])
        #expect(throws: SystemError.self) { _ = try watch.add(other.path) }
    }

    @Test func tooMuchForTheKernelIsTold() {
        let lost: [UInt8] = [255, 255, 255, 255, 0, 0x40, 0, 0] + [UInt8](repeating: 0, count: 8)
        #expect(DepartureWatch.departures(in: lost) == [.lost])
        #expect(DepartureWatch.departures(in: Array(lost.dropLast())) == [])
    }
}
