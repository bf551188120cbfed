import Foundation
import Kernel
import OCISpec
import Testing

@testable import Seccomp

/// A directory which goes with the test.
private struct Folder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/seccomp-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cache: String { path + "/cache/seccomp" }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: cache) }
    func file() throws -> String { cache + "/" + (try #require(names().first)) }
}

@Suite struct CacheTests {
    private let profile = allowing(["read", "write", "openat"])

    @Test func aFilterIsKeptPrivatelyAndReadAgain() throws {
        let folder = try Folder()
        let program = try compileSeccomp(profile, cacheDirectory: folder.cache)
        #expect(try folder.names() == [ProfileKey(profile).fileName])
        let file = try fileStatus(folder.file())
        #expect(file.permissions == 0o600)
        #expect(try fileStatus(folder.cache).permissions == 0o700)
        #expect(ProgramCache(directory: folder.cache).read(ProfileKey(profile)) == program.instructions)
        #expect(try compileSeccomp(profile, cacheDirectory: folder.cache) == program)
        #expect(try fileStatus(folder.file()) == file)  // it was not written again
    }

    @Test func aCachedFilterIsWhatIsUsed() throws {
        let folder = try Folder()
        _ = try compileSeccomp(profile, cacheDirectory: folder.cache)
        let marked = Instruction.answer(Verdict.errno(77)).bytes
        ProgramCache(directory: folder.cache).write(marked, for: ProfileKey(profile))
        #expect(try compileSeccomp(profile, cacheDirectory: folder.cache).instructions == marked)
    }

    /// Each harm ends in a new compilation, which also mends the file.
    @Test(arguments: Harm.allCases) func aHarmedFileIsNotUsed(_ harm: Harm) throws {
        let folder = try Folder()
        let good = try compileSeccomp(profile, cacheDirectory: folder.cache)
        try harm.inflict(on: folder.file(), in: folder.cache)
        #expect(ProgramCache(directory: folder.cache).read(ProfileKey(profile)) == nil)
        #expect(try compileSeccomp(profile, cacheDirectory: folder.cache) == good)
    }

    @Test(.enabled(if: effectiveUserID() == 0)) func aFileOfAnotherUserIsNotUsed() throws {
        let folder = try Folder()
        _ = try compileSeccomp(profile, cacheDirectory: folder.cache)
        try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: folder.file())
        #expect(ProgramCache(directory: folder.cache).read(ProfileKey(profile)) == nil)
        try FileManager.default.setAttributes([.ownerAccountID: 0], ofItemAtPath: folder.file())
        #expect(ProgramCache(directory: folder.cache).read(ProfileKey(profile)) != nil)
        try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: folder.cache)
        #expect(ProgramCache(directory: folder.cache).read(ProfileKey(profile)) == nil)
    }

    @Test func anUnusableDirectoryIsNoError() throws {
        #expect(try !compileSeccomp(profile, cacheDirectory: "/proc/no/such").instructions.isEmpty)
    }

    @Test func onlyTheNewestAreKept() throws {
        let folder = try Folder()
        let cache = ProgramCache(directory: folder.cache)
        let keys = (0..<70).map { number in
            ProfileKey(allowing(["read"] + [String](repeating: "write", count: number)))
        }
        for key in keys { cache.write(Instruction.answer(0).bytes, for: key) }
        #expect(try folder.names().count == ProgramCache.capacity)
        #expect(cache.read(keys[0]) == nil && cache.read(keys[69]) != nil)
    }

    @Test func theKeyTellsProfilesApart() {
        var conditional = profile
        conditional.syscalls[0].args = [argument(0, .equal, 1, 2)]
        var turned = conditional
        turned.syscalls[0].args = [argument(0, .equal, 1, 3)]
        var split = profile
        split.syscalls = [rule(.allow, ["read"]), rule(.allow, ["write", "openat"])]
        var errno = profile
        errno.defaultErrnoRet = 38
        let others = [
            allowing(["read", "write", "openat"], [.x86_64]), allowing(["read", "writeopenat"]),
            allowing(["read", "writeopen", "at"]),
            allowing(["write", "read", "openat"]), conditional, turned, split, errno,
        ]
        #expect(Set((others + [profile]).map(ProfileKey.init)).count == others.count + 1)
    }

    @Test func whatDoesNotChangeTheFilterDoesNotChangeTheKey() {
        var same = profile
        same.flags = [.log]
        same.listenerPath = "/run/listener"
        same.defaultErrnoRet = 1
        #expect(ProfileKey(same) == ProfileKey(profile))
    }
}

enum Harm: CaseIterable, Sendable {
    case truncated, empty, longer, flippedBit, anotherKey, groupWritable, symbolicLink, directory
    case writableFolder, linkedFolder

    func inflict(on file: String, in folder: String) throws {
        let files = FileManager.default
        let url = URL(filePath: file)
        let bytes = try Data(contentsOf: url)
        switch self {
        case .truncated: try bytes.dropLast(8).write(to: url)
        case .empty: try Data().write(to: url)
        case .longer: try (bytes + [0, 0, 0, 0, 0, 0, 0, 0]).write(to: url)
        case .flippedBit:
            var changed = bytes
            changed[changed.count - 3] ^= 1
            try changed.write(to: url)
        case .anotherKey:
            var changed = bytes
            changed[20] ^= 1
            try changed.write(to: url)
        case .groupWritable: try files.setAttributes([.posixPermissions: 0o660], ofItemAtPath: file)
        case .symbolicLink:
            try files.moveItem(atPath: file, toPath: folder + "/elsewhere")
            try files.createSymbolicLink(atPath: file, withDestinationPath: "elsewhere")
        case .directory:
            try files.removeItem(atPath: file)
            try files.createDirectory(atPath: file, withIntermediateDirectories: false)
        case .writableFolder: try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
        case .linkedFolder:
            try files.moveItem(atPath: folder, toPath: folder + "-moved")
            try files.createSymbolicLink(atPath: folder, withDestinationPath: folder + "-moved")
        }
    }
}
