import Engine
import Kernel
import Testing

/// A store and an image's root in a directory of their own, for `body`.
private func withStore(_ body: (VolumeStore, String) throws -> Void) throws {
    let top = "/tmp/volumes-\(processID())-\(newIdentifier().prefix(8))"
    try makeDirectories("\(top)/rootfs/data/sub", mode: 0o755)
    defer {
        if let name = EntryName(String(top.dropFirst(5))) {
            try? FileDescriptor.open("/tmp", .directory).removeTree(name)
        }
    }
    try body(VolumeStore(EnginePaths(root: top, run: top)), "\(top)/rootfs")
}

private func write(_ path: String, _ text: String) throws {
    try FileDescriptor.open(path, [.create, .writeOnly], mode: 0o640).write(text)
}

private func mount(_ source: String, _ destination: String) -> ContainerRecord.Mount {
    var mount = ContainerRecord.Mount()
    (mount.kind, mount.source, mount.destination) = (.volume, source, destination)
    return mount
}

@Suite struct VolumeTests {
    @Test func aVolumeIsMadeOnceAndFoundAgain() throws {
        try withStore { store, _ in
            try store.create("data", labels: ["a": "b"])
            try store.create("data")
            #expect(try store.volumes().map(\.name) == ["data"])
            #expect(try store.volume("data").labels == ["a": "b"])
            #expect(fileExists(store.directory("data")))
        }
    }

    @Test func theFirstContainerFillsAVolumeAndNoLaterOne() throws {
        try withStore { store, rootfs in
            try write("\(rootfs)/data/sub/file", "of the image")
            _ = try store.prepare([mount("data", "/data")], rootfs: rootfs)
            let copy = "\(store.directory("data"))/sub/file"
            #expect(try readText(copy) == "of the image")
            #expect(try fileStatus(copy).permissions == 0o640)
            try removeFile(copy)
            _ = try store.prepare([mount("data", "/data")], rootfs: rootfs)
            #expect(!fileExists(copy))
        }
    }

    @Test func nothingIsCopiedFromOutsideOfTheImage() throws {
        try withStore { store, rootfs in
            let root = try FileDescriptor.open(rootfs, .directory)
            try root.makeLink("etc", to: "/etc")
            _ = try store.prepare([mount("etc", "/etc")], rootfs: rootfs)
            #expect(try listDirectory(store.directory("etc")).isEmpty)
        }
    }

    @Test func whatIsNotToBeFilledStaysEmpty() throws {
        try withStore { store, rootfs in
            try write("\(rootfs)/data/file", "x")
            var empty = mount("data", "/data")
            empty.isNotFilled = true
            _ = try store.prepare([empty], rootfs: rootfs)
            #expect(try listDirectory(store.directory("data")).isEmpty)
        }
    }

    @Test func anAnonymousVolumeGoesWithItsContainerUnlessAnotherHasIt() throws {
        try withStore { store, _ in
            var mounts = [mount("", "/a"), mount("", "/b"), mount("named", "/c")]
            (mounts[0].isAnonymous, mounts[1].isAnonymous) = (true, true)
            try store.claim(&mounts)
            #expect(mounts[0].source.utf8.count == 64 && mounts[0].source != mounts[1].source)
            let users = [mounts[1].source: ["other"]]
            try store.release(mounts) { users }
            #expect(try Set(store.volumes().map(\.name)) == [mounts[1].source, "named"])
        }
    }

    @Test func aVolumeInUseIsNotRemoved() throws {
        try withStore { store, _ in
            try store.create("data")
            #expect { try store.remove("data") { ["abc"] } } throws: {
                "\($0)" == "remove data: volume is in use - [abc]"
            }
            try store.remove("data") { [] }
            #expect { try store.remove("data") { [] } } throws: { "\($0)" == "get data: no such volume" }
            #expect { try store.volume("../data") } throws: { "\($0)" == "get ../data: no such volume" }
        }
    }

    @Test func theSourceOfAMountHasToBeThereAndThatOfAVolumeIsMade() throws {
        try withStore { store, rootfs in
            var bind = ContainerRecord.Mount()
            (bind.source, bind.destination) = ("\(rootfs)/nosuch/dir", "/x")
            var mounts = [bind]
            #expect { try store.claim(&mounts) } throws: {
                "\($0)".contains("bind source path does not exist")
            }
            mounts[0].createsSource = true
            try store.claim(&mounts)
            _ = try store.prepare(mounts, rootfs: rootfs)
            #expect(try fileStatus(bind.source).kind == .directory)
        }
    }

    @Test func pruningTakesWhatNobodyHas() throws {
        try withStore { store, _ in
            try store.create("named")
            let anonymous = try store.create(nil).name
            let none = try Filters([], allowed: [])
            #expect(try store.prune(all: false, none, users: { [:] }).names == [anonymous])
            #expect(try store.prune(all: true, none, users: { ["named": ["c"]] }).names == [])
            #expect(try store.prune(all: true, none, users: { [:] }).names == ["named"])
        }
    }
}
