import Foundation
import Kernel
import Testing

/// Entries of directories, by names which are bytes.
@Suite struct EntryTests {
    @Test(arguments: ["", ".", "..", "a/b", "/", "a\0", String(repeating: "n", count: 256)])
    func whatLeadsElsewhereIsNoName(_ text: String) { #expect(EntryName(text) == nil) }

    @Test(arguments: [[0x61], [0xff, 0xfe], [0x2e, 0x2e, 0x2e], [0x0a]] as [[UInt8]])
    func anyOtherBytesAre(_ bytes: [UInt8]) { #expect(EntryName(bytes)?.bytes == bytes) }

    /// Each level costs a descriptor, and a process has a thousand of them.
    @Test func aTreeDeeperThanThereAreDescriptorsIsRemoved() throws {
        try inScratch { scratch throws in
            let name = try #require(EntryName("tree")), level = try #require(EntryName("d"))
            try scratch.makeDirectory(name, mode: 0o700)
            var path = [name]
            for _ in 0..<1500 {
                try scratch.open(path: path, .directory).makeDirectory(level, mode: 0o700)
                path.append(level)
            }
            try scratch.removeTree(name)
            #expect(try scratch.entryNames().isEmpty)
        }
    }

    @Test func aSecondListingBeginsAtTheFirstEntryToo() throws {
        try inScratch { scratch throws in
            try scratch.makeDirectory(#require(EntryName("a")), mode: 0o700)
            #expect(try scratch.entryNames().count == 1)
            #expect(try scratch.entryNames().count == 1)
        }
    }

    @Test func noSymbolicLinkIsFollowed() throws {
        try inScratch { scratch throws in
            let link = try #require(EntryName("link")), name = try #require(EntryName("passwd"))
            try scratch.makeLink(link, to: Array("/etc".utf8))
            #expect(throws: SystemError.self) { _ = try scratch.open(path: [link, name]).rawValue }
            #expect(throws: SystemError.self) { _ = try scratch.open(link).rawValue }
        }
    }

    @Test func timesBefore1970AreSetToo() throws {
        try inScratch { scratch throws in
            let name = try #require(EntryName("old"))
            try scratch.makeDirectory(name, mode: 0o700)
            try scratch.setModificationTime(of: name, -1_500_000_000)
            #expect(try scratch.status(of: name).modifiedAt == -1_500_000_000)
        }
    }
}

@Suite struct PipedProgramTests {
    private func shell(_ script: String) throws -> PipedProgram {
        try .start(
            Program(path: "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"]),
            input: FileDescriptor.open("/dev/null"))
    }

    @Test func itsOutputIsReadWhileItRunsAndItsErrorsAfterwards() throws {
        var program = try shell("echo out; echo err >&2; exit 3")
        #expect(try program.output.readAll() == Array("out\n".utf8))
        let (status, errors) = try program.finish()
        #expect(status == .exited(3) && errors == "err\n")
    }

    @Test func itEndsWithItsOwner() throws {
        let pid: Int32
        do {
            let program = try shell("echo $$; exec sleep 1000")
            pid = try #require(
                Int32(String(decoding: program.output.read(upTo: 32).dropLast(), as: UTF8.self)))
        }
        #expect(throws: SystemError.self) { _ = try openProcess(pid).rawValue }
    }

    @Test func aProgramThatIsNotThereIsAnError() throws {
        #expect(throws: SystemError.self) {
            let program = try PipedProgram.start(
                Program(path: "/no/such", arguments: ["x"], environment: []),
                input: FileDescriptor.open("/dev/null"))
            _ = program.output.rawValue
        }
    }
}

private func inScratch(_ body: (borrowing FileDescriptor) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(FileDescriptor.open(path, .directory))
}
