import Foundation
import Testing

/// A bundle in a directory of its own, for `rootfs-tool`. The program in it is a busybox.
final class TestBundle {
    /// What the tool did.
    struct Outcome: CustomTestStringConvertible {
        let code: Int32
        let output: String
        let error: String

        var testDescription: String { "code \(code)\noutput: \(output)\nerror: \(error)" }
    }

    typealias Object = [String: Any]

    static let busybox = "/bin/busybox"
    /// The tests need root of the machine and a static busybox.
    static let isPossible = getuid() == 0 && FileManager.default.isExecutableFile(atPath: busybox)

    let directory: String
    var rootfs: String { directory + "/rootfs" }
    /// A directory of the host beside the bundle: attacks aim at it.
    var outside: String { directory + "/outside" }
    var mounts: [Object]
    var linux: Object = [:]
    var namespaces = ["pid", "mount", "ipc", "uts", "network"]
    var root: Object = ["path": "rootfs"]
    var terminal = false

    init() throws {
        directory = FileManager.default.temporaryDirectory.path + "/apus-rootfs-\(UUID().uuidString)"
        mounts = Self.usualMounts
        for name in ["rootfs/bin", "rootfs/etc", "outside"] { try make(directory: directory + "/" + name) }
        try FileManager.default.copyItem(atPath: Self.busybox, toPath: rootfs + "/bin/busybox")
        for name in [
            "sh", "cat", "mount", "umount", "stat", "ls", "ln", "rm", "touch", "mkdir", "id", "mv", "ip",
        ] {
            try link(rootfs + "/bin/" + name, to: "busybox")
        }
    }

    deinit {
        // Mounts were made in a namespace that is gone.
        try? FileManager.default.removeItem(atPath: directory)
    }

    static var usualMounts: [Object] {
        [
            mount("/proc", "proc", "proc"),
            mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount(
                "/dev/pts", "devpts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
            mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
        ]
    }

    static func mount(_ destination: String, _ type: String, _ source: String, _ options: [String] = [])
        -> Object
    {
        ["destination": destination, "type": type, "source": source, "options": options]
    }

    func make(directory path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    func write(_ path: String, _ text: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    /// Names in ``outside``, which no attack may change.
    var whatIsOutside: [String] { (try? FileManager.default.contentsOfDirectory(atPath: outside)) ?? [] }

    private func writeConfiguration(_ script: String) throws {
        var linux = self.linux
        linux["namespaces"] = namespaces.map { ["type": $0] }
        let document: Object = [
            "ociVersion": "1.2.0", "root": root, "mounts": mounts, "linux": linux,
            "process": [
                "args": ["/bin/sh", "-c", script], "cwd": "/", "terminal": terminal,
                "user": ["uid": 0, "gid": 0],
            ],
        ]
        try JSONSerialization.data(withJSONObject: document)
            .write(to: URL(filePath: directory + "/config.json"))
    }

    /// Runs `script` in the container; `arguments` are those of the tool after the bundle.
    ///
    /// `before` is a shell line run first, in the private mount namespace the tool gets.
    func run(_ script: String, _ arguments: [String] = [], before: String = "true") throws -> Outcome {
        try writeConfiguration(script)
        return try Self.shell(
            before + "; exec \"$0\" \"$@\"", [Self.tool, directory] + arguments)
    }

    /// Runs a shell line in new mount and network namespaces.
    static func shell(_ line: String, _ arguments: [String] = []) throws -> Outcome {
        let process = Foundation.Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments =
            ["--mount", "--net", "--propagation", "private", "/bin/sh", "-c", line] + arguments
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            error: String(decoding: errorText, as: UTF8.self))
    }

    /// Executables of the package are built next to the tests.
    private static var tool: String {
        let place = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = place.appending(path: "rootfs-tool").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.appending(path: ".build/debug/rootfs-tool").path
    }
}
