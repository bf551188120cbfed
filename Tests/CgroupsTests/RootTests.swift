import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// The programs of this build stand next to the tests.
private let tool = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "cgroup-tool").path

/// Runs the checks of Tests/Support/cgroup-checks inside `enclosure`, and answers its lines.
private func check(in enclosure: [String]) throws -> [Substring] {
    let process = Process()
    let support = root.appending(path: "Tests/Support").path
    process.executableURL = URL(filePath: "/usr/bin/env")
    let place = enclosure.isEmpty ? [] : ["\(support)/\(enclosure[0])"] + enclosure.dropFirst()
    process.arguments = ["timeout", "-k", "5", "620"] + place + ["\(support)/cgroup-checks", tool]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
}

/// Real cgroups, in every layout this machine can show. Serialized: the checks measure time.
@Suite(.serialized, .enabled(if: getuid() == 0, "needs root")) struct RootTests {
    @Test func theMachinesOwnLayout() throws { try verify(check(in: []), atLeast: 40) }

    @Test func cgroup2WithoutControllers() throws { try verify(check(in: ["v2-mount"]), atLeast: 30) }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/linux.uml"), "needs user-mode-linux"))
    func cgroup2WithControllers() throws { try verify(check(in: ["v2-guest", "-t", "600"]), atLeast: 45) }

    private func verify(_ lines: [Substring], atLeast number: Int) {
        for line in lines where line.hasPrefix("not ok") { Issue.record("\(line)") }
        #expect(lines.count { $0.hasPrefix("ok ") } >= number, "\(lines.joined(separator: "\n"))")
    }
}
