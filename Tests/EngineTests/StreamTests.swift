import Kernel
import Testing

@testable import Engine

@Suite struct StreamTests {
    @Test func theKeysAreFoundWhereverTheyAreCut() throws {
        var keys = try DetachKeys(DetachKeys.standard)
        #expect(keys.take([97, 16]) == ([97], false))
        #expect(keys.take([17]) == ([], true))
    }

    @Test func whatTurnsOutNotToBeTheKeysIsHandedOn() throws {
        var keys = try DetachKeys("ctrl-p,ctrl-q")
        #expect(keys.take([16]) == ([], false))
        #expect(keys.take([98]) == ([16, 98], false))
        #expect(keys.take([16, 16, 17]) == ([16], true))
    }

    @Test func keysMayBeOthersOrNone() throws {
        var keys = try DetachKeys("ctrl-@,x")
        #expect(keys.take([0, 120]) == ([], true))
        var none = try DetachKeys("")
        #expect(none.take([16, 17]) == ([16, 17], false))
    }

    @Test(arguments: ["ctrl-", "ctrl-1", "ab", "a,,b", ","]) func whatIsNoKeyIsRefused(_ text: String) {
        #expect(throws: EngineError.self) { try DetachKeys(text) }
    }

    private func line(_ text: String) -> LogLine? { LogLine(Array(text.utf8)[...]) }

    @Test func aLineOfTheLogHasATimeAStreamAndAText() {
        let read = line("2026-01-01T00:00:00.5+00:00 stderr F two  words ")
        #expect(read?.time == "2026-01-01T00:00:00.5+00:00" && read?.isError == true && read?.isWhole == true)
        #expect(read?.text == Array("two  words ".utf8))
        #expect(line("t stdout P part")?.isWhole == false && line("t stdout F ")?.text == [])
    }

    @Test(arguments: ["", "t", "t stdout", "t stdout X text"]) func whatIsNoLineIsPassedOver(_ text: String) {
        #expect(line(text) == nil)
    }

    @Test func theLastLinesComeWithAllTheirParts() {
        let lines = ["t stdout F 1", "t stdout P 2", "t stdout F 2", "t stdout F 3"].compactMap(line)
        #expect(LogQuery.last(1, of: lines).count == 1)
        #expect(LogQuery.last(2, of: lines).count == 3)
        #expect(LogQuery.last(0, of: lines).isEmpty && LogQuery.last(9, of: lines).count == 4)
    }
}

@Suite struct EventTests {
    /// Two which write past the end of a file both want to put it away.
    @Test func whatTookAFullFilesPlaceStays() throws {
        let paths = EnginePaths(root: "/tmp/events-\(processID())", run: "/tmp/events-\(processID())")
        try makeDirectories(paths.run, mode: 0o700)
        defer {
            if let name = EntryName("events-\(processID())") {
                try? FileDescriptor.open("/tmp", .directory).removeTree(name)
            }
        }
        paths.tell(EngineEvent(type: "container", action: "old", id: "1"))
        let one = try FileDescriptor.open(paths.events), other = try FileDescriptor.open(paths.events)
        try paths.putAway(one)
        paths.tell(EngineEvent(type: "container", action: "new", id: "1"))
        try paths.putAway(other)
        #expect(try readText(paths.events).contains("new") && readText(paths.events + ".old").contains("old"))
    }
}
