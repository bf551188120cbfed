import Foundation
import Testing

/// What a shell script printed in new network and mount namespaces.
struct NamespaceRun: CustomTestStringConvertible {
    let output: String
    let code: Int32

    static let isPossible = getuid() == 0

    /// Runs `script`; `$tool` is the test's tool, and `namespace NAME` makes a network namespace with that name.
    init(_ script: String) throws {
        let tool = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "netlink-tool").path
        let beginning = """
            set -eu; tool='\(tool)'; mount -t tmpfs none /run
            namespace() { ip netns add "$1"; }
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = [
            "-s", "KILL", "60", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
            beginning + "\n" + script,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        output = String(decoding: bytes, as: UTF8.self)
        code = process.terminationStatus
    }

    var testDescription: String { "\(code): \(output)" }

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The objects `ip -j` printed in the line which begins with `[`.
    func objects() throws -> [[String: Any]] {
        let line = try #require(lines.last { $0.hasPrefix("[{") }, "\(output)")
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return (try #require(value as? [[String: Any]])).filter { !$0.isEmpty }
    }
}
